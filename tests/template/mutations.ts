/** Mutations of a template: one part deleted, flipped, renamed, widened or pointed elsewhere. */
import type { RenderedTemplate } from './rules/rule';

type Container = Record<string | number, unknown>;

export interface Mutation {
  readonly path: readonly (string | number)[];
  /** The kind of change: `deleted`. */
  readonly kind: string;
  /** The original value. */
  readonly original: unknown;
  /** Mutates the template in place. */
  apply(): void;
  /** Restores the template. */
  undo(): void;
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Keys whose value a star widens. */
const GRANTS = /^(Action|Resource|Service|AWS|Principal)$/;

/** Replacements of a value, each with its kind. */
function* replacements(key: string | number, value: unknown, template: RenderedTemplate): Generator<[string, unknown]> {
  if (typeof value === 'boolean') yield ['flipped', !value];
  if (typeof value === 'number') {
    yield ['one more', value + 1];
    yield ['one less', value - 1];
  }
  if (typeof value === 'string') yield ['renamed', `${value}x`];
  if (typeof key === 'string' && GRANTS.test(key) && value !== '*') yield ['widened', '*'];
  const referenced = key === 'Ref' ? value : key === 'Fn::GetAtt' ? (value as unknown[])[0] : undefined;
  const other = typeof referenced === 'string' && similarTo(referenced, template);
  if (other) yield ['pointed elsewhere', key === 'Ref' ? other : [other, ...(value as unknown[]).slice(1)]];
}

/** Another resource of the same type (for a function's alias another function's), or another parameter. */
function similarTo(name: string, { Resources, Parameters }: RenderedTemplate): string | undefined {
  const [id = '', ...attribute] = name.split('.');
  const type = Resources[id]?.Type;
  if (type === undefined) return Object.keys(Parameters).find((other) => name in Parameters && other !== name);
  const other = Object.keys(Resources).find((candidate) => candidate !== id && Resources[candidate]?.Type === type);
  return other && [other, ...attribute].join('.');
}

/** Yields mutations in place: apply one and undo it before the next. */
export function* mutationsOf(
  template: RenderedTemplate,
  within: object = template,
  above: readonly (string | number)[] = [],
): Generator<Mutation> {
  const container = within as Container;
  for (const [name, original] of Object.entries(container)) {
    const key = Array.isArray(within) ? Number(name) : name;
    const path = [...above, key];
    const mutation = (kind: string, apply: () => void, mutated: object = within): Mutation => ({
      path,
      kind,
      original,
      apply,
      undo: restorerOf(mutated as Container),
    });
    yield mutation('deleted', () => (Array.isArray(within) ? within.splice(Number(key), 1) : delete container[key]));
    if (above.at(-1) === 'Condition' && above.includes('Statement'))
      // `StringEqualsIfExists` also holds for a missing key.
      yield mutation('weakened', () => {
        delete container[key];
        container[`${key}IfExists`] = original;
      });
    for (const [kind, replacement] of replacements(key, original, template))
      yield mutation(kind, () => {
        container[key] = replacement;
      });
    if (Array.isArray(original)) {
      const added = key === 'Statement' ? { Effect: 'Allow', Action: '*', Resource: '*' } : '*';
      yield mutation('grown', () => original.push(added), original);
    }
    if (isContainer(original)) yield* mutationsOf(template, original, path);
  }
}

/** Restores the present members of an object or list. */
function restorerOf(container: Container): () => void {
  const members = { ...container };
  return () => {
    for (const key of Object.keys(container)) delete container[key];
    if (Array.isArray(container)) container.length = 0;
    Object.assign(container, members);
  };
}
