import { readFileSync } from 'node:fs';

/** Documents whose marked sections follow from the definitions; the prose around the marks stays as it is. */
export class GeneratedSections {
  readonly files = new Map<string, string>();

  /** @param command that writes the sections, for the marks */
  constructor(private readonly command: string) {}

  /** @throws Error naming the marks when the document has none */
  put(file: string, name: string, section: string): this {
    const text = this.files.get(file) ?? readFileSync(file, 'utf8');
    const [begin, end] = [
      `<!-- generated:${name}, by \`${this.command}\`; do not edit -->`,
      `<!-- /generated:${name} -->`,
    ];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from === -1 || to < from)
      throw new Error(`${file} has no place for its ${name}: put ${begin} and ${end} there`);
    this.files.set(file, `${text.slice(0, from + begin.length)}\n\n${section.trim()}\n\n${text.slice(to)}`);
    return this;
  }
}
