import { UserError } from '../../lib/user-error.mjs';
import { isObject, type Json, type JsonObject } from '../../src/domain/json';
import { changeIn } from '../json-limits';

/** Fields that an operator may change. EventBridge sets the others. */
export const EDITABLE = ['source', 'detail-type', 'time', 'detail'] as const;

/** Parses `detail.status=in_transit`. The value is JSON, else text. @throws UserError unless the text names an editable field */
export function assignmentOf(text: string) {
  const equals = text.indexOf('=');
  const path = text.slice(0, Math.max(0, equals)).split('.');
  if (!EDITABLE.some((name) => name === path[0]) || path.includes(''))
    throw new UserError(`--set is ${text}: give a field and its value, like detail.status=in_transit`, 2);
  return { path, value: parsedValue(text.slice(equals + 1)) };
}

function parsedValue(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const changed = changeIn(text);
  if (changed) throw new UserError(`--set: ${changed}`, 2);
  return value;
}

/** @throws UserError when the path leads through a value without fields */
export function assigned(event: JsonObject, { path, value }: ReturnType<typeof assignmentOf>): JsonObject {
  const at = (holder: Json, [name, ...rest]: readonly string[]): Json => {
    if (name === undefined) return value;
    const isIndex = Array.isArray(holder) && /^\d+$/.test(name) && Number(name) < holder.length;
    if (isIndex) return holder.with(Number(name), at(holder[Number(name)], rest));
    const [, list, index] = /^(.+)\[(\d+)\]$/.exec(name) ?? [];
    if (isObject(holder) && list && Array.isArray(holder[list]))
      throw new UserError(`--set ${path.join('.')}: there is no ${name} in it; a place in a list is ${list}.${index}`);
    if (isObject(holder))
      return { ...holder, [name]: at(Object.hasOwn(holder, name) ? (holder[name] ?? {}) : {}, rest) };
    throw new UserError(`--set ${path.join('.')}: there is no ${name} in it`);
  };
  return at(event, path) as JsonObject;
}

export interface Difference {
  readonly field: string;
  readonly was: Json | undefined;
  readonly becomes: Json | undefined;
}

/** Fields in which two values differ, as deep as both values have them. */
export function differences(was: Json | undefined, becomes: Json | undefined, field = ''): Difference[] {
  if (was === becomes) return [];
  const isPair = (isObject(was) && isObject(becomes)) || (Array.isArray(was) && Array.isArray(becomes));
  if (!isPair) return [{ field, was, becomes }];
  const names = new Set([...Object.keys(was), ...Object.keys(becomes)]);
  const fieldOf = (holder: object, name: string): Json | undefined =>
    Object.hasOwn(holder, name) ? Reflect.get(holder, name) : undefined;
  return [...names].flatMap((name) =>
    differences(fieldOf(was, name), fieldOf(becomes, name), field ? `${field}.${name}` : name),
  );
}
