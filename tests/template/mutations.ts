/** Mutations of a template: one part deleted, changed or added. The rules compare whole values, so one change stands for any other. */

type Container = Record<string | number, unknown>;

export interface Mutation {
  readonly path: readonly (string | number)[];
  readonly kind: 'deleted' | 'changed' | 'grown';
  /** The original value. */
  readonly original: unknown;
  /** Mutates the template in place. */
  apply(): void;
  /** Restores the template. */
  undo(): void;
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Another value of the same type. */
function otherThan(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  return typeof value === 'number' ? value + 1 : `${value}x`;
}

/** Yields mutations in place: apply one and undo it before the next. */
export function* mutationsOf(within: object, above: readonly (string | number)[] = []): Generator<Mutation> {
  const container = within as Container;
  for (const [name, original] of Object.entries(container)) {
    const key = Array.isArray(within) ? Number(name) : name;
    const path = [...above, key];
    const mutation = (kind: Mutation['kind'], apply: () => void, mutated: object = within): Mutation => ({
      path,
      kind,
      original,
      apply,
      undo: restorerOf(mutated as Container),
    });
    yield mutation('deleted', () => (Array.isArray(within) ? within.splice(Number(key), 1) : delete container[key]));
    if (Array.isArray(original)) yield mutation('grown', () => original.push('*'), original);
    if (isContainer(original)) yield* mutationsOf(original, path);
    else
      yield mutation('changed', () => {
        container[key] = otherThan(original);
      });
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
