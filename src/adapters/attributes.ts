import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isObject, type Json } from '../domain/json';

/**
 * A JSON value as DynamoDB stores it. @aws-sdk/util-dynamodb refuses numbers beyond 2^53, which JSON may hold; a double's shortest decimal
 * form has at most 17 digits, well within DynamoDB's 38.
 */
export function toAttribute(value: Json): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  if (isObject(value)) return { M: toAttributes(value) };
  return { NULL: true };
}

/** The members of an object as attributes; members that are undefined are left out. */
export function toAttributes(members: Readonly<Record<string, Json | undefined>>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(members).flatMap(([key, value]) => (value === undefined ? [] : [[key, toAttribute(value)]])),
  );
}

type Item = Readonly<Record<string, AttributeValue>> | undefined;

/** A string attribute of an item, if it has it. */
export const stringOf = (item: Item, name: string): string | undefined => item?.[name]?.S;

/** The string attributes of these names that an item has. */
export const stringsOf = <N extends string>(item: Item, names: readonly N[]): { readonly [K in N]?: string } => {
  const present = names.filter((name) => stringOf(item, name));
  return Object.fromEntries(present.map((name) => [name, stringOf(item, name)])) as { [K in N]?: string };
};
