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

  /**
   * Writes values into the prose of a document, between `<!-- =name -->` and `<!-- = -->`.
   * @throws Error naming a mark without a value, or a value without a mark
   */
  fill(file: string, values: Readonly<Record<string, string>>): this {
    const text = this.files.get(file) ?? readFileSync(file, 'utf8');
    const unused = new Set(Object.keys(values));
    const filled = text.replaceAll(/<!-- =(\w+) -->.*?<!-- = -->/gs, (_, name: string) => {
      unused.delete(name);
      if (values[name] === undefined) throw new Error(`${file} has a place for ${name}, which has no value`);
      return `<!-- =${name} -->${values[name]}<!-- = -->`;
    });
    if (unused.size > 0)
      throw new Error(`${file} has no place for ${[...unused].join(', ')}: put <!-- =name --><!-- = --> there`);
    this.files.set(file, filled);
    return this;
  }
}
