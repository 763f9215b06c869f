import type { PassThrough } from 'node:stream';

/** All that was written to a stream. A `read()` answers all of it or one piece, by the version of Node. */
export function writtenTo(stream: PassThrough): string {
  let text = '';
  for (let piece = stream.read(); piece !== null; piece = stream.read()) text += piece;
  return text;
}
