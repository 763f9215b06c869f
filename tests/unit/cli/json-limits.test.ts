import fc from 'fast-check';
import { changeIn } from '../../../cli/json-limits';

describe('changeIn', () => {
  it.each([
    ['340123450000000016', ' is 340123450000000016, which is read as 340123450000000000'],
    ['-9007199254740993', ' is -9007199254740993, which is read as -9007199254740992'],
    ['0.12345678901234567890', ' is 0.12345678901234567890, which is read as 0.12345678901234568'],
    ['-1e400', ' is -1e400, which is read as -Infinity'],
    ['1e-400', ' is 1e-400, which is read as 0'],
    [
      '{"m":{"a\\"1e400":"1e400 \\\\","lines":[[],{"kg":1e999}]}}',
      '.m.lines[1].kg is 1e999, which is read as Infinity',
    ],
    ['{"a":{"1e400":1,"x":[2]},"b":[0,[1e999]]}', '.b[1][0] is 1e999, which is read as Infinity'],
  ])('finds a number that JSON.parse changes, and its path: %s', (json, change) => {
    expect(changeIn(json, 'detail')).toBe(`detail${change}: send it as a string`);
  });

  it('cuts a long number', () => {
    expect(changeIn(`1${'0'.repeat(1_000_000)}1`, 'kg')).toBe(
      `kg is 1${'0'.repeat(199)}, which is read as Infinity: send it as a string`,
    );
  });

  it.each([
    '-0',
    '0e9999',
    '1.0',
    '100E-2',
    '9007199254740992',
    '100000000000000000000000',
    '1.7976931348623157e308',
    '5e-324',
    `1.${'0'.repeat(1_000_000)}`,
  ])('ignores a number of which only the spelling changes: %s', (written) => {
    expect(changeIn(written)).toBeUndefined();
  });

  it.each([
    ['{"a":1,"b":2,"a":1}', 'a'],
    ['{"detail":{"metadata":[{},{"a":1,"\\u0061":2}]}}', 'detail.metadata[1].a'],
    ['{"":[],"":[]}', ''],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('finds a duplicate key of an object: %s', (json, path) => {
    expect(changeIn(json)).toBe(`${path} is there twice, and only the last would be read: send it once`);
  });

  it('finds nothing in a text of JSON.stringify', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)), (json) => {
        expect(changeIn(json)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});
