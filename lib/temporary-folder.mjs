import { mkdtempSync, statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from './user-error.mjs';

/**
 * Creates a folder in the system's temporary folder.
 * @param {string} prefix of its name
 * @param {number} megabytes that will be written into it
 * @throws {UserError} when it cannot be created, or there is too little space
 */
export function makeTemporaryFolder(prefix, megabytes = 0) {
  try {
    const { blocks, bavail, bsize } = statfsSync(os.tmpdir());
    const free = Math.floor((bavail * bsize) / 1_048_576);
    // Some file systems do not report their size.
    if (blocks > 0 && free < megabytes)
      throw new Error(`${os.tmpdir()} has ${free} MB free, and ${megabytes} MB are needed`);
    return mkdtempSync(path.join(os.tmpdir(), prefix));
  } catch (error) {
    throw new UserError(`no temporary folder: ${error.message}; set TMPDIR to another folder`);
  }
}
