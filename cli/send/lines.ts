/** A line of an input; `text` is undefined when the line is too long. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string | undefined;
}

/** The input is compressed or in another encoding, such as UTF-16. */
export class NotUtf8 extends Error {
  constructor(readonly line: number) {
    super(
      'is not UTF-8: unpack it when it is compressed, else convert it, from Latin-1 with `iconv -f ISO-8859-1 -t UTF-8`',
    );
  }
}

const NEWLINE = 0x0a;

/**
 * Splits a stream of bytes into lines, without its byte order mark. Memory holds one line and one chunk: the text of a line longer than `maxBytes` is
 * dropped as it arrives.
 * @throws NotUtf8 at the first line that is not UTF-8
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line> {
  let [number, bytes] = [1, 0];
  let pieces: Buffer[] = [];
  const add = (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= maxBytes) pieces.push(piece);
    else pieces = [];
  };
  const end = (): Line => {
    const line = { number, text: bytes <= maxBytes ? textOf(pieces, number) : undefined };
    [number, bytes, pieces] = [number + 1, 0, []];
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, at));
      yield end();
      start = at + 1;
    }
    add(chunk.subarray(start));
  }
  if (bytes > 0) yield end();
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(pieces: readonly Buffer[], number: number): string {
  try {
    const text = UTF8.decode(Buffer.concat(pieces));
    return number === 1 ? text.replace(/^\uFEFF/, '') : text;
  } catch {
    throw new NotUtf8(number);
  }
}
