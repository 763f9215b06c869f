import type { shell } from '../../contracts/shell';

/** A flag's value is a boolean; that of an argument has the name ''. */
type Options = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * A command as it was typed, with the options that were given: what is suggested to go on with does no more than what was asked for.
 * @param command of the target
 */
export function repeated(command: typeof shell, name: string, options: Options): string {
  const words = [name];
  const values: (string | number)[] = [];
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined || value === false) continue;
    words.push(`${words.pop()} ${option}`);
    if (value === true) continue;
    words.push(`${words.pop()}${option && ' '}`, '');
    values.push(value);
  }
  return command(Object.assign(words, { raw: words }), ...values);
}
