import { UserError } from '../lib/user-error.mjs';

/**
 * Checks that a table has an entry for each name. The compiler does too, but `npm run generate` runs without it.
 * @param place the beginning of the error: `template-src/defaults.ts has no figures of`
 * @throws UserError naming the missing entries
 */
export function complete<T extends object>(place: `${string} has no ${string}`, names: readonly string[], table: T): T {
  const missing = names.filter((name) => !(name in table));
  if (missing.length > 0) throw new UserError(`${place} ${missing.join(', ')}: add what is missing`);
  return table;
}
