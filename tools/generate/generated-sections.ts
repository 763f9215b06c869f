import { readFileSync } from 'node:fs';
import { UserError } from '../../lib/user-error.mjs';

/** Documents with generated sections between marks; the prose around them stays unchanged. */
export class GeneratedSections {
  readonly files = new Map<string, string>();

  /** @param command the command that writes the sections, named in the marks */
  constructor(private readonly command: string) {}

  /**
   * Replaces a section of a document.
   * @throws UserError naming the marks when the document has none
   */
  put(file: string, name: string, section: string): this {
    const text = this.files.get(file) ?? readFileSync(file, 'utf8');
    const begin = `<!-- generated:${name}, by \`${this.command}\`; do not edit -->`;
    const end = `<!-- /generated:${name} -->`;
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from === -1 || to < from) throw new UserError(`${file} has no marks for ${name}: add ${begin} and ${end}`);
    this.files.set(file, `${text.slice(0, from + begin.length)}\n\n${section.trim()}\n\n${text.slice(to)}`);
    return this;
  }

  /**
   * Writes values into the prose of a document, between `<!-- =name -->` and `<!-- = -->`.
   * @throws UserError naming a mark without a value, or a value without a mark
   */
  fill(file: string, values: Readonly<Record<string, string>>): this {
    const text = this.files.get(file) ?? readFileSync(file, 'utf8');
    const unused = new Set(Object.keys(values));
    const filled = text.replaceAll(/<!-- =(\w+) -->.*?<!-- = -->/gs, (_, name: string) => {
      unused.delete(name);
      if (values[name] === undefined) throw new UserError(`${file} has a mark for ${name}, which has no value`);
      return `<!-- =${name} -->${values[name]}<!-- = -->`;
    });
    if (unused.size > 0)
      throw new UserError(`${file} has no mark for ${[...unused].join(', ')}: add <!-- =name --><!-- = -->`);
    this.files.set(file, filled);
    return this;
  }
}
