/** Released contracts are frozen except for what neither a producer nor a reader can notice: docs/decisions/0022 has the list. */
import { isDeepStrictEqual } from 'node:util';
import { PUBLISHED, type Published } from '../../contracts/generate/published';
import { type Change, describeChange, forbiddenChanges } from './frozen';

/** A published message as the baseline keeps it. */
export type ReleasedContract = Pick<Published, 'direction' | 'version' | 'channels' | 'headers' | 'payload'>;

/** The contracts as they are now, by name. */
export const CURRENT_CONTRACTS: Readonly<Record<string, ReleasedContract>> = Object.fromEntries(
  PUBLISHED.map(({ name, direction, version, channels, headers, payload }) => [
    name,
    { direction, version, channels, ...(headers && { headers }), payload },
  ]),
);

const ANNOTATIONS = ['title', 'description', 'examples'];

const list = (value: unknown) => (Array.isArray(value) ? value : []);

const includesAll = (whole: unknown, part: unknown) =>
  list(part).every((item) => list(whole).some((other) => isDeepStrictEqual(item, other)));

function isAllowed({ path, from, to }: Change, direction: Published['direction']): boolean {
  const [parent, name = ''] = path.slice(-2);
  // A new field. One that is required changes `required` as well.
  if (parent === 'properties') return from === undefined || (direction === 'received' && isChoiceOf(to, from));
  if (ANNOTATIONS.includes(name)) return true;
  if (direction === 'sent') return name === 'required' && includesAll(to, from);
  if (name === 'required' || parent === 'dependentRequired') return includesAll(from, to);
  return name === 'enum' && Array.isArray(to) && includesAll(to, from);
}

/** The released schema is one of the alternatives now, as when a field may be null from now on. */
const isChoiceOf = (to: unknown, from: unknown) =>
  typeof to === 'object' && to !== null && 'anyOf' in to && includesAll(to.anyOf, [from]);

/** One line for each incompatible change of a contract that kept its version. */
export function contractProblems(
  released: Readonly<Record<string, ReleasedContract>>,
  current: Readonly<Record<string, ReleasedContract>>,
): string[] {
  return Object.entries(released).flatMap(([name, before]) => {
    const now = current[name];
    if (!now)
      return [`${name} is gone: restore it, or retire it with an entry in CHANGELOG.md and \`npm run release\``];
    if (now.version < before.version)
      return [`${name} has version ${now.version}, older than the released ${before.version}`];
    if (now.version > before.version) return [];
    const remedy = `undo it, or raise ${name} to version ${before.version + 1} (CONTRIBUTING.md, "Change an event")`;
    return forbiddenChanges(before, now, (change) => isAllowed(change, before.direction)).map(
      (change) => `${name}: ${describeChange(change)}: ${remedy}`,
    );
  });
}
