/** Puts the picture between its markers in the documents that show it. */
import { readFileSync } from 'node:fs';

const BEGIN = '<!-- generated:picture, by `npm run template`; do not edit -->';
const END = '<!-- /generated:picture -->';

const DOCUMENTS = ['README.md', 'docs/architecture.md'];

/** The documents as they are, with this picture in them. */
export const documentsWith = (picture: string): [file: string, content: string][] =>
  DOCUMENTS.map((file) => [file, withPicture(file, readFileSync(file, 'utf8'), picture)]);

function withPicture(file: string, text: string, picture: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin === -1 || end < begin)
    throw new Error(`${file} has no place for the picture: put ${BEGIN} and ${END} there`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${picture}\n\n${text.slice(end)}`;
}
