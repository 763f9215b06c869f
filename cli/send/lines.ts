/** A line of an input; `text` is undefined when the line is too long. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string | undefined;
}

/** The input is compressed or in another encoding. */
export class NotUtf8 extends Error {
  constructor(
    readonly line: number,
    found: string,
  ) {
    super(`is ${found}`);
  }
}

const convertFrom = (encoding: string) => `\`iconv -f ${encoding} -t UTF-8\` makes UTF-8 of it`;

const NO_UTF8 = `not UTF-8; if it is Latin-1, ${convertFrom('ISO-8859-1')}`;

const compressedBy = (by: string, undo: string) => `compressed by ${by}: ${undo} it first`;

/** Other encodings by the first four bytes. JSON begins with two ASCII characters (RFC 4627, section 3), which have zero bytes in UTF-16 and UTF-32. */
const OTHER_ENCODINGS: readonly (readonly [beginning: RegExp, found: string])[] = [
  [/^1f8b/, compressedBy('gzip', 'gunzip')],
  [/^504b0304/, compressedBy('zip', 'unzip')],
  [/^28b52ffd/, compressedBy('zstd', 'unzstd')],
  [/^fd377a58/, compressedBy('xz', 'unxz')],
  [/^425a68/, compressedBy('bzip2', 'bunzip2')],
  [/^(fffe|..00)0000/, `UTF-32: ${convertFrom('UTF-32LE')}`],
  [/^0000/, `UTF-32: ${convertFrom('UTF-32BE')}`],
  [/^(fffe|..00)/, `UTF-16: ${convertFrom('UTF-16LE')}`],
  [/^(feff|00)/, `UTF-16: ${convertFrom('UTF-16BE')}`],
];

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
  private isFirst = true;
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
    const text = this.bytes <= this.maxBytes ? this.decode(Buffer.concat(this.pieces)) : undefined;
    const line = { number: this.number, text: this.number === 1 ? text?.replace(/^\uFEFF/, '') : text };
    this.number += 1;
    this.pieces = [];
    this.bytes = 0;
    return line;
  }

  private decode(bytes: Buffer): string {
    const beginning = this.isFirst ? bytes.toString('hex', 0, 4) : '';
    const [, other] = OTHER_ENCODINGS.find(([pattern]) => pattern.test(beginning)) ?? [];
    if (other) throw new NotUtf8(this.number, other);
    this.isFirst &&= bytes.length === 0;
    try {
      return this.utf8.decode(bytes);
    } catch {
      throw new NotUtf8(this.number, NO_UTF8);
    }
  }
}
