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
  const line = new GrowingLine(maxBytes);
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      line.add(chunk.subarray(start, end));
      yield line.end();
      start = end + 1;
    }
    line.add(chunk.subarray(start));
  }
  if (line.hasBegun) yield line.end();
}

class GrowingLine {
  private number = 1;
  private pieces: Buffer[] = [];
  private bytes = 0;
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(private readonly maxBytes: number) {}

  get hasBegun(): boolean {
    return this.bytes > 0;
  }

  add(piece: Buffer): void {
    this.bytes += piece.length;
    if (this.bytes <= this.maxBytes) this.pieces.push(piece);
    else this.pieces = [];
  }

  end(): Line {
    const number = this.number;
    const text = this.bytes <= this.maxBytes ? this.text() : undefined;
    this.number += 1;
    this.pieces = [];
    this.bytes = 0;
    return { number, text };
  }

  private text(): string {
    try {
      const text = this.utf8.decode(Buffer.concat(this.pieces));
      return this.number === 1 ? text.replace(/^\uFEFF/, '') : text;
    } catch {
      throw new NotUtf8(this.number);
    }
  }
}
