import type { shell } from '../../contracts/shell';

/** Values by option: a flag has a boolean, and an argument has the name ''. */
type Options = Readonly<Record<string, string | number | boolean | undefined>>;

/** The command to type again, with the options that the operator gave, so that it does no more than they asked for. */
export function rerunCommand(command: typeof shell, name: string, options: Options): string {
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
