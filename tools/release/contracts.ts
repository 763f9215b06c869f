/** Released contracts may change only where neither a producer nor a reader can notice it: docs/decisions/0022 has the list. */
import { isDeepStrictEqual } from 'node:util';
import { PUBLISHED, type Published } from '../generate/published';
import { type Change, describeChange, forbiddenChanges } from './frozen';

/** The parts of a message that the baseline stores. */
export type ReleasedContract = Pick<Published, 'direction' | 'version' | 'channels' | 'headers' | 'payload'>;

export const CURRENT_CONTRACTS: Readonly<Record<string, ReleasedContract>> = Object.fromEntries(
  PUBLISHED.map(({ name, direction, version, channels, headers, payload }) => [
    name,
    { direction, version, channels, ...(headers && { headers }), payload },
  ]),
);

/** `Shipment Created` of `shipment-created`. */
const titleOf = (name: string) => PUBLISHED.find((message) => message.name === name)?.title ?? name;

const ANNOTATIONS = ['title', 'description', 'examples'];

const list = (value: unknown) => (Array.isArray(value) ? value : []);

const includesAll = (whole: unknown, part: unknown) =>
  list(part).every((item) => list(whole).some((other) => isDeepStrictEqual(item, other)));

function isAllowed({ path, from, to }: Change, direction: Published['direction']): boolean {
  const [parent, name = ''] = path.slice(-2);
  // A new field is allowed; if it is required, `required` changes as well.
  if (parent === 'properties') return from === undefined || hasCompatibleAlternatives(to, from, direction, path);
  if (ANNOTATIONS.includes(name)) return true;
  if (direction === 'sent') return name === 'required' && includesAll(to, from);
  if (name === 'required' || parent === 'dependentRequired') return includesAll(from, to);
  return name === 'enum' && Array.isArray(to) && includesAll(to, from);
}

const alternativesOf = (schema: unknown): readonly unknown[] =>
  typeof schema === 'object' && schema !== null && 'anyOf' in schema ? list(schema.anyOf) : [schema];

/**
 * True when the alternatives (`anyOf`) of two schemas are compatible: for a received message each released one is still accepted, as when a
 * field may now be null; for a sent message each current one was released. False if neither schema has alternatives.
 */
function hasCompatibleAlternatives(
  to: unknown,
  from: unknown,
  direction: Published['direction'],
  path: readonly string[],
): boolean {
  const [before, now] = [alternativesOf(from), alternativesOf(to)];
  const fits = (released: unknown, option: unknown) =>
    forbiddenChanges(released, option, (change) => isAllowed(change, direction), path).length === 0;
  if (before.length === 1 && now.length === 1) return false;
  return direction === 'received'
    ? before.every((released) => now.some((option) => fits(released, option)))
    : now.every((option) => before.some((released) => fits(released, option)));
}

/** One line for each incompatible change of a contract that kept its version. */
export function contractProblems(
  released: Readonly<Record<string, ReleasedContract>>,
  current: Readonly<Record<string, ReleasedContract>>,
): string[] {
  return Object.entries(released).flatMap(([name, before]) => {
    const now = current[name];
    if (!now)
      return [`${name} is gone: restore it, or retire it with an entry in CHANGELOG.md and \`npm run release\``];
    if (now.version > before.version) return [];
    const place =
      before.direction === 'sent'
        ? 'in contracts/sent.ts (CONTRIBUTING.md, "Add a status" and "Change an event")'
        : '(CONTRIBUTING.md, "Change an event")';
    const remedy = `undo it, or raise ${name} to version ${before.version + 1} ${place}`;
    return forbiddenChanges(before, now, (change) => isAllowed(change, before.direction)).map(
      (change) => `${name}: ${describeChange(change)}: ${remedy}`,
    );
  });
}

/** Text by its words: without case, punctuation and line breaks. */
const inWords = (text: string) => ` ${text.toLowerCase().replaceAll(/[^a-z0-9]+/g, ' ')} `;

/** One line for each new contract or version that the changelog's first section does not name, with the words to write there. */
export function unannouncedVersions(
  released: Readonly<Record<string, ReleasedContract>>,
  current: Readonly<Record<string, ReleasedContract>>,
  changelog: string,
): string[] {
  const [, first = ''] = changelog.split(/^(?=## )/m);
  const [heading] = first.split('\n');
  return Object.entries(current)
    .filter(([name, { version }]) => version !== released[name]?.version)
    .map(([name, { version }]) => `${titleOf(name)} version ${version}`)
    .filter((words) => !inWords(first).includes(inWords(words)))
    .map((words) => `CHANGELOG.md does not mention "${words}": write these words in an entry under "${heading}"`);
}
