import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from './user-error.mjs';

/**
 * Makes a folder of its own where temporary files go.
 * @param {string} prefix of its name
 * @throws {UserError} when none can be made there
 */
export function makeTemporaryFolder(prefix) {
  try {
    return mkdtempSync(path.join(os.tmpdir(), prefix));
  } catch (error) {
    throw new UserError(`no temporary folder: ${error.message}; TMPDIR names another place`);
  }
}
