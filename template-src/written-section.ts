/**
 * A document with one section as it is derived from the definitions; the prose around its marks stays as it is.
 * @throws Error naming the marks when the document has none
 */
export function withSection(document: string, name: string, section: string): string {
  const [begin, end] = [`<!-- ${name}: written by \`npm run template\` -->`, `<!-- end of ${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document needs the line ${begin} and after it ${end}`);
  return [document.slice(0, from), begin, '\n\n', section, document.slice(to)].join('');
}
