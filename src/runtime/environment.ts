import { ENVIRONMENT_VARIABLES, type EnvironmentVariable } from '../../contracts/environment';
import type { FunctionKey } from '../../contracts/functions';

/**
 * The environment variables of a function, read once when the process starts.
 * @throws naming every variable that is missing or empty
 */
export function readEnvironment<K extends FunctionKey>(key: K): Readonly<Record<EnvironmentVariable<K>, string>> {
  const names: readonly string[] = ENVIRONMENT_VARIABLES[key];
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    throw new Error(`${key} needs the environment variables ${missing.join(', ')}: the template sets them`);
  }
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? ''])) as Record<
    EnvironmentVariable<K>,
    string
  >;
}
