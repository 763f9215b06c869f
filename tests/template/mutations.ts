/** Mutations of a template: one part deleted, flipped, renamed, widened or pointed elsewhere. */
import type { RenderedTemplate } from './rules/rule';

type Container = Record<string | number, unknown>;

export interface Mutation {
  readonly path: readonly (string | number)[];
  /** The kind of change: `deleted`. */
  readonly what: string;
  /** The original value. */
  readonly was: unknown;
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
  const named = key === 'Ref' ? value : key === 'Fn::GetAtt' ? (value as unknown[])[0] : undefined;
  const other = typeof named === 'string' && anotherLike(named, template);
  if (other) yield ['pointed elsewhere', key === 'Ref' ? other : [other, ...(value as unknown[]).slice(1)]];
}

/** Another resource of the same type (for a function's alias another function's), or another parameter. */
function anotherLike(name: string, { Resources, Parameters }: RenderedTemplate): string | undefined {
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
  for (const [name, was] of Object.entries(container)) {
    const key = Array.isArray(within) ? Number(name) : name;
    const path = [...above, key];
    yield deletion(container, key, path, was);
    if (above.at(-1) === 'Condition' && above.includes('Statement')) yield weakened(container, name, path, was);
    for (const [what, to] of replacements(key, was, template)) {
      const put = (value: unknown) => () => {
        container[key] = value;
      };
      yield { path, what, was, apply: put(to), undo: put(was) };
    }
    if (Array.isArray(was)) yield grown(was, path);
    if (isContainer(was)) yield* mutationsOf(template, was, path);
  }
}

function deletion(container: Container, key: string | number, path: Mutation['path'], was: unknown): Mutation {
  const list = Array.isArray(container) ? container : undefined;
  return {
    path,
    what: 'deleted',
    was,
    apply: () => (list ? void list.splice(Number(key), 1) : void delete container[key]),
    undo: () => (list ? void list.splice(Number(key), 0, was) : void Object.assign(container, { [key]: was })),
  };
}

/** Adds to a policy a statement that allows everything, to any other list a star. */
function grown(list: unknown[], path: Mutation['path']): Mutation {
  const added = path.at(-1) === 'Statement' ? { Effect: 'Allow', Action: '*', Resource: '*' } : '*';
  return { path, what: 'grown', was: list.length, apply: () => void list.push(added), undo: () => void list.pop() };
}

/** Weakens an operator: `StringEqualsIfExists` also holds for a missing key. */
function weakened(container: Container, operator: string, path: Mutation['path'], was: unknown): Mutation {
  return {
    path,
    what: 'weakened',
    was,
    apply: () => {
      delete container[operator];
      container[`${operator}IfExists`] = was;
    },
    undo: () => {
      delete container[`${operator}IfExists`];
      container[operator] = was;
    },
  };
}
