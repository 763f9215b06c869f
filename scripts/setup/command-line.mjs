import { parseArgs } from 'node:util';
import { Trouble } from './trouble.mjs';

/**
 * Reads the command line, before set-up takes its minute.
 * @param {string} usage told with what is wrong
 * @param {import('node:util').ParseArgsConfig} config
 * @throws Trouble when there is an option that nobody knows, or one without its value
 */
export function readCommandLine(usage, config) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Trouble(`${error.message}\n\n${usage}`, 2);
  }
}
