import { isDeepStrictEqual } from 'node:util';

/** A difference between the released and the current form of a JSON document. */
export interface Change {
  readonly path: readonly string[];
  /** Undefined if absent. */
  readonly from: unknown;
  readonly to: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The forbidden changes of a released document. Parts of an allowed change are not compared; lists are compared as a whole. */
export function forbiddenChanges(
  from: unknown,
  to: unknown,
  isAllowed: (change: Change) => boolean,
  path: readonly string[] = [],
): Change[] {
  const change = { path, from, to };
  if (isDeepStrictEqual(from, to) || isAllowed(change)) return [];
  if (!isObject(from) || !isObject(to)) return [change];
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...names].flatMap((name) => forbiddenChanges(from[name], to[name], isAllowed, [...path, name]));
}

/** One line: `payload.required was ["id"] and is absent`. */
export const describeChange = ({ path, from, to }: Change) =>
  `${path.join('.')} was ${shown(from)} and is ${shown(to)}`;

const shown = (value: unknown) => (value === undefined ? 'absent' : JSON.stringify(value));
