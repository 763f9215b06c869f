import type { shell } from '../../contracts/shell';

/** A flag's value is a boolean; that of an argument has the name ''. */
type Options = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * A command as it was typed, with the options that were given: what is suggested to go on with does no more than what was asked for.
 * @param command of the target
 */
export function repeated(command: typeof shell, name: string, options: Options): string {
  const parts: string[] = [];
  const values: (string | number)[] = [];
  let part = name;
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined || value === false) continue;
    part += option ? ` ${option}` : '';
    if (value === true) continue;
    parts.push(`${part} `);
    values.push(value);
    part = '';
  }
  parts.push(part);
  return command(Object.assign(parts, { raw: parts }), ...values);
}
