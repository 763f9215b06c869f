import { readFileSync } from 'node:fs';

/**
 * A document with one section as it follows from the definitions; the prose around its marks stays as it is.
 * @throws Error naming the marks when the document has none
 */
export function withSection(
  file: string,
  name: string,
  section: string,
  command = 'npm run template',
): [file: string, content: string] {
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [`<!-- generated:${name}, by \`${command}\`; do not edit -->`, `<!-- /generated:${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${file} has no place for its ${name}: put ${begin} and ${end} there`);
  return [file, `${text.slice(0, from + begin.length)}\n\n${section.trim()}\n\n${text.slice(to)}`];
}
