import { parseArgs } from 'node:util';
import { UserError } from './user-error.mjs';

/**
 * Reads a command line; with `--help` prints the usage and ends the process.
 * @template {import('node:util').ParseArgsConfig} T
 * @param {string} usage printed with each error as well
 * @param {T} config
 * @throws UserError for an unknown option, or one without its value
 */
export function readCommandLine(usage, config) {
  if (config.args?.includes('--help')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : error}\n\n${usage}`, 2);
  }
}

/**
 * The value of an option that is a whole number.
 * @param {string} option @param {string} value
 * @param {{from?: number, to: number, why?: string}} range
 * @throws UserError when it is none, or out of the range
 */
export function wholeNumber(option, value, { from = 0, to, why = '' }) {
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= from && number <= to) return number;
  throw new UserError(
    `--${option} is ${JSON.stringify(value)}: give a whole number from ${from} to ${to}${why && `, ${why}`}`,
    2,
  );
}
