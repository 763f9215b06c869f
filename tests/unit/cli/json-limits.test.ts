import fc from 'fast-check';
import { changeIn } from '../../../cli/json-limits';

describe('a part of a JSON text that changes: a number', () => {
  it.each([
    ['340123450000000016', '340123450000000000'],
    ['-9007199254740993', '-9007199254740992'],
    ['0.12345678901234567890', '0.12345678901234568'],
    ['-1e400', '-Infinity'],
    ['1e-400', '0'],
  ])('is found when it is read as another: %s', (written, read) => {
    expect(changeIn(written, 'kg')).toBe(`kg is ${written}, which is read as ${read}: send it as a string`);
  });

  it('is shown by its beginning', () => {
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
  ])('is not found when only its spelling changes: %s', (written) => {
    expect(changeIn(written)).toBeUndefined();
  });

  const lossy = '340123450000000016';

  it.each([
    [`{"metadata":{"a\\"1e400":"1e400 \\\\","lines":[[],{"kg":${lossy}}]}}`, 'detail.metadata.lines[1].kg'],
    [`{"a":{"1e400":1,"x":[2]},"b":[0,[${lossy}]]}`, 'detail.b[1][0]'],
  ])('has the path of its place, whatever stands before it: %s', (json, path) => {
    expect(changeIn(json, 'detail')).toContain(`${path} is ${lossy}, which`);
  });

  it.each([
    ['{"a":1,"b":2,"a":1}', 'a'],
    ['{"detail":{"metadata":[{},{"a":1,"\\u0061":2}]}}', 'detail.metadata[1].a'],
    ['{"":[],"":[]}', ''],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('or a key is found when its object has it already: %s', (json, path) => {
    expect(changeIn(json)).toBe(`${path} is there twice, and only the last would be read: send it once`);
  });

  it.each(['{"a":{"a":1},"b":{"a":"a"}}', '[{"a":1},{"a":1}]', '{"a":"b","b":"a","A":1,"constructor":1}'])(
    'or a key is not found when another object has it: %s',
    (json) => {
      expect(changeIn(json)).toBeUndefined();
    },
  );

  it('is found in none that JSON.stringify has written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)), (json) => {
        expect(changeIn(json)).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });
});
