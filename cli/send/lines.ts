/** One line of an input; `text` is undefined when the line is longer than allowed. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string | undefined;
}

const NEWLINE = 0x0a;

/**
 * The lines of a stream of bytes, in memory no more than one line and one chunk of it: a line longer than `maxBytes` is passed over
 * as it comes. Bytes that are no UTF-8 become replacement characters.
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
    const text = this.bytes <= this.maxBytes ? Buffer.concat(this.pieces).toString() : undefined;
    const line = { number: this.number, text };
    this.number += 1;
    this.pieces = [];
    this.bytes = 0;
    return line;
  }
}
