import { DescribeKeyCommand, NotFoundException } from '@aws-sdk/client-kms';
import { NAMES } from '../../contracts/names';
import type { Target } from '../target/target';
import { attention, type Findings, ok, type Stack } from './check';

/** Checks that the keys of topics and tables can be used. A topic without its key loses messages silently, those of alarms included. */
export async function keys({ target }: Stack): Promise<Findings> {
  const [topics, data] = await Promise.all([stateOf(NAMES.topicKeyAlias, target), stateOf(NAMES.dataKeyAlias, target)]);
  if (!topics.id) return [attention(`there is no ${topics.alias}`, 'deploy the stack again')];
  // The data key exists only with EncryptWithOwnKey.
  const existing = [topics, data].flatMap(({ id, ...key }) => (id === undefined ? [] : [{ ...key, id }]));
  const unusable = existing.filter(({ state }) => state !== 'Enabled');
  if (unusable.length === 0) return [ok(`${existing.map(({ alias }) => alias).join(' and ')} can be used`)];
  return unusable.map(({ alias, id, state }) =>
    attention(
      `${alias} is ${state}: ${alias === topics.alias ? 'no alarm and no notification reaches its topic' : 'the tables cannot be used for long'}`,
      enableKey(id, target),
    ),
  );
}

/** Commands that make a key usable again when it is disabled or scheduled for deletion. */
export const enableKey = (id: string, { aws }: Target) =>
  [aws`kms cancel-key-deletion --key-id ${id}`, aws`kms enable-key --key-id ${id}`].join('; ');

async function stateOf(name: string, { kms, name: inEnvironment }: Target) {
  const alias = inEnvironment(name);
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
    return { alias, id: KeyMetadata?.KeyId, state: KeyMetadata?.KeyState };
  } catch (error) {
    if (error instanceof NotFoundException) return { alias };
    throw error;
  }
}
