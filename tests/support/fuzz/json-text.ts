/** JSON as an attacker would write it. It is text, because an object literal cannot have its own `__proto__`. */
import fc from 'fast-check';

const WORDS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'toJSON',
  'then',
  'length',
  '',
  'detail',
  'requestPayload',
  '\u0000',
  '\r\nBcc: everybody@example.com',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u202egnp.exe',
  '\ud800',
  '\udc00x',
  '=cmd|calc!A1',
  '${jndi:ldap://x}',
  '<script>',
  'x'.repeat(2_000),
];

const NUMBERS = ['1e400', '-1e400', '1e-400', '1e126', '1e125', '-0', '9007199254740993', '0.1', '1e999999'];

/** Any code point but half a pair, as fast-check's own unit `binary`, which takes a second to begin. */
export const codePoint = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

/** Texts with a special meaning in a log, a mail, a terminal or an object. */
export const hostileText = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: codePoint }), fc.string());

const quoted = (text: string) => JSON.stringify(text);

/** An object of JSON texts. A name may occur twice; the last one counts. */
export const objectOf = (members: readonly (readonly [name: string, json: string])[]) =>
  `{${members.map(([name, value]) => `${quoted(name)}:${value}`).join()}}`;

const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom('null', 'true', 'false', ...NUMBERS),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    ),
    hostileText.map(quoted),
    fc.array(tie('json'), { maxLength: 5 }).map((items) => `[${items.join()}]`),
    fc.array(fc.tuple(hostileText, tie('json')), { maxLength: 5 }).map(objectOf),
  ),
}));

export const hostileJson: fc.Arbitrary<string> = json;

/** Control and format characters, except for the line break, which tables contain. */
export const CONTROL_CHARACTERS = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;

export const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
