import { beginningOf, canonicalJson, cutText, describeJson } from '../../../src/domain/json';

describe('canonical JSON (RFC 8785)', () => {
  it('matches the example of section 3.2.2', () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by UTF-16 units, as section 3.2.3 shows', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(Object.values(JSON.parse(canonicalJson(value)))).toHaveLength(7);
    expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  });
});

describe('the beginning of a text', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'abc'],
    ['ab😀', 4, 'ab😀'],
    ['ab😀', 3, 'ab'],
    ['ab\ud83d', 3, 'ab\ufffd'],
    ['\udc00b', 2, '\ufffdb'],
  ])('of %j has at most %d units and no half of a pair', (text, limit, beginning) => {
    expect(beginningOf(text, limit)).toBe(beginning);
  });
});

describe('cutText', () => {
  it('makes a text well-formed, whether it fits or not', () => {
    expect(cutText('a\ud83d', 12)).toBe('a\ufffd');
    expect(cutText('\ud83d'.repeat(100), 61).isWellFormed()).toBe(true);
  });

  it('keeps a text that fits', () => {
    expect(cutText('twelve bytes', 12)).toBe('twelve bytes');
  });

  it('stays within the limit in bytes and never splits a character', () => {
    const cut = cutText('€'.repeat(100), 61);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(61);
    expect(cut).toMatch(/^€+… \[cut: 300 bytes in all\]$/);
  });

  it('keeps a replacement character that the producer sent', () => {
    expect(cutText('\uFFFD'.repeat(100), 61)).toMatch(/^\uFFFD{11}… \[cut: 300 bytes in all\]$/);
  });
});

it('describes a value that cannot be written as JSON', () => {
  expect(describeJson(10n)).toMatch(/not representable/);
  expect(describeJson(undefined)).toBe('undefined');
});
