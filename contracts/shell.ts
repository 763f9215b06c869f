/** Foreign text in commands that an operator pastes into a shell. */

/** Control characters and invisible ones: a terminal acts on them, or hides them. */
export const CONTROL_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The same, and characters that a terminal shows as nothing or as a blank: fillers, variation selectors, the blank Braille pattern. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Text that bash, zsh and sh read unchanged, and that no program reads as an option. */
const PLAIN = /^(?:-|[\w@%+:,./][\w@%+:,./-]*)$/;

/**
 * The text as one word of a shell command: the argument arrives unchanged, and nothing in it is run. Invisible characters need `$'…'`,
 * which bash and zsh know; a POSIX sh without it passes another argument and runs nothing either. An argument cannot hold a NUL.
 */
export function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  if (text.search(UNSEEN) === -1) return `'${text.replaceAll("'", `'\\''`)}'`;
  return `$'${text.replace(/['\\]/g, octal).replace(UNSEEN, octal)}'`;
}

/** The UTF-8 bytes of a character in the notation of `$'…'`. It is the only form of a quote there that sh leaves alone. */
const octal = (character: string) =>
  [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');

/** A shell command as a template: each value becomes a word, or a part of one. */
export const shell = (command: TemplateStringsArray, ...values: readonly (string | number)[]): string =>
  String.raw({ raw: command }, ...values.map((value) => shellWord(String(value))));

/** A JSON string, and the colon after it when it is a key. */
const JSON_STRING = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

/** Characters of a JSON string that a shell, or a program that looks for options, may act on. */
const NOT_PLAIN = /[^\w"\\@%+:,./-]|(?<=^")-/g;

/**
 * Writes each character of an identifier that a shell acts on as a JSON escape, which leaves the JSON's value the same. Pasted into a shell,
 * such an id is a different id and runs nothing. Other text stays readable.
 */
export function withInertIds(json: string): string {
  let isId = false;
  return json.replace(JSON_STRING, (text: string, colon: string | undefined) => {
    if (colon) isId = /(?:ids?|corrects)"/i.test(text);
    return isId && !colon ? text.replace(NOT_PLAIN, jsonEscape) : text;
  });
}

/** A UTF-16 unit as an escape of JSON. */
export const jsonEscape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
