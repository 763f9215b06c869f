import type { PassThrough } from 'node:stream';

/** Everything that was written to a stream. One `read()` returns all of it or one chunk, depending on the version of Node. */
export function writtenTo(stream: PassThrough): string {
  let text = '';
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += chunk;
  return text;
}
