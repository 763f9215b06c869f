import { type Item, itemSize } from '../../../bench/write-units/item';
import { type IndexRules, writeUnits } from '../../../bench/write-units/rules';

/** An item of this size in bytes, 6 of which are keys and names. */
const anItem = (bytes: number, status = 'a'): Item => ({
  id: { S: '1' },
  s: { S: status },
  x: { S: 'x'.repeat(bytes - 6) },
});

const byStatus: IndexRules = { key: ['s'], copies: 'all' };

describe('the size of an item', () => {
  it.each<[string, Item, number]>([
    ['counts names and texts as UTF-8', { größe: { S: 'ß' } }, 7 + 2],
    ['counts a byte for two digits, and one more', { n: { N: '12345' } }, 1 + 4],
    [
      'counts three bytes for a list, and one for each member',
      { l: { L: [{ S: 'ab' }, { BOOL: true }] } },
      1 + 3 + 3 + 2,
    ],
    ['counts three bytes for a map, and one for each member', { m: { M: { k: { S: 'v' } } } }, 1 + 3 + 1 + 2],
  ])('%s', (_, item, bytes) => {
    expect(itemSize(item)).toBe(bytes);
  });
});

/** Cases that the events of `countOutcomes` do not have. */
describe('a write', () => {
  it('costs by the larger of the item before and after', () => {
    const [small, large] = [anItem(500), anItem(3_000)];

    expect(writeUnits({ condition: 'held', before: large, after: small }, []).table).toBe(3);
    expect(writeUnits({ condition: 'held', before: small, after: large }, []).table).toBe(3);
  });

  it('costs by the larger of the stored and the put item, and nothing in indexes, when its condition fails', () => {
    const failed = (before?: Item, put?: Item) => writeUnits({ condition: 'failed', before, put }, [byStatus]);

    expect(failed()).toEqual({ table: 1, indexes: 0 });
    expect(failed(anItem(3_000), anItem(500))).toEqual({ table: 3, indexes: 0 });
    expect(failed(anItem(500), anItem(3_000))).toEqual({ table: 3, indexes: 0 });
  });
});

describe('an index costs', () => {
  const units = (index: IndexRules, before: Item | undefined, after: Item) =>
    writeUnits({ condition: 'held', before, after }, [index]).indexes;
  const keysOnly: IndexRules = { key: ['s'], copies: ['s', 'id'] };
  const { s: _, ...withoutKey } = anItem(1_500);

  it.each<[string, IndexRules, Item | undefined, Item, number]>([
    ['a write for a changed entry with the same key', byStatus, anItem(1_500), anItem(1_600), 2],
    ['a write each for the old and the new entry when the key changes', byStatus, anItem(500), anItem(1_500, 'b'), 3],
    ['a write for a removed entry', byStatus, anItem(1_500), withoutKey, 2],
    ['nothing when its attributes do not change', keysOnly, anItem(1_500), anItem(1_600), 0],
    ['by the size of its attributes alone', keysOnly, anItem(1_500), anItem(1_500, 'b'), 2],
  ])('%s', (_, index, before, after, expected) => {
    expect(units(index, before, after)).toBe(expected);
  });
});
