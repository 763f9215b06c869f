/**
 * A table written by hand that has an entry for each name. The compiler says so too, but `npm run generate` does not wait for it.
 * @param place the file, and what it holds of each: `template-src/defaults.ts has no figures`
 * @throws Error naming the place and what is missing there
 */
export function complete<T extends object>(place: `${string} has no ${string}`, names: readonly string[], table: T): T {
  const missing = names.filter((name) => !(name in table));
  if (missing.length > 0) throw new Error(`${place} of ${missing.join(', ')}: add what is missing`);
  return table;
}
