import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Readonly<Record<string, AttributeValue>>;

/**
 * The bytes of an item as DynamoDB counts them (Developer Guide, "DynamoDB item sizes and formats"): names and texts as UTF-8, a number a
 * byte for two digits and one more, a list or map three and one for each member, anything else one.
 */
export const itemSize = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value), 0);

function sizeOf(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.L !== undefined) return 3 + value.L.reduce((sum, member): number => sum + 1 + sizeOf(member), 0);
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemSize(value.M);
  return 1;
}

/** The attributes of these names. */
export const only = (item: Item, names: readonly string[]): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
