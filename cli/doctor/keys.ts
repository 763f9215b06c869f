import { DescribeKeyCommand, NotFoundException } from '@aws-sdk/client-kms';
import { NAMES } from '../../contracts/names';
import type { Target } from '../target/target';
import { attention, type Findings, ok, type Stack } from './check';

/** Without its key a topic takes no message, an alarm's neither, and nothing else says so; a table goes on for a while and then fails. */
export async function keys({ target }: Stack): Promise<Findings> {
  const [topics, data] = await Promise.all([stateOf(NAMES.topicKeyAlias, target), stateOf(NAMES.dataKeyAlias, target)]);
  if (!topics.id) return [attention(`there is no ${topics.alias}`, 'deploy the stack again')];
  // The data's key is there when a parameter says so.
  const all = [topics, data].flatMap(({ id, ...key }) => (id === undefined ? [] : [{ ...key, id }]));
  const unusable = all.filter(({ state }) => state !== 'Enabled');
  if (unusable.length === 0) return [ok(`${all.map(({ alias }) => alias).join(' and ')} can be used`)];
  return unusable.map(({ alias, id, state }) =>
    attention(
      `${alias} is ${state}: ${alias === topics.alias ? 'no alarm and no notification reaches its topic' : 'the tables cannot be used for long'}`,
      enableKey(id, target),
    ),
  );
}

/** The commands that make a key usable again, whether it is disabled or about to be deleted. */
export const enableKey = (id: string, { aws }: Target) =>
  [aws`kms cancel-key-deletion --key-id ${id}`, aws`kms enable-key --key-id ${id}`].join('; ');

async function stateOf(name: string, { kms, name: named }: Target) {
  const alias = named(name);
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
    return { alias, id: KeyMetadata?.KeyId, state: KeyMetadata?.KeyState };
  } catch (error) {
    if (error instanceof NotFoundException) return { alias };
    throw error;
  }
}
