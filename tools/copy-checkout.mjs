import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../lib/user-error.mjs';

/**
 * Copies this checkout's files as they are, committed or not, into a folder.
 * @param {string} folder
 * @throws UserError outside of git
 */
export function copyCheckout(folder) {
  const files = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' });
  if (files.status !== 0) throw new UserError('this is no git checkout: clone the project and run this in the clone');
  for (const file of files.stdout.trim().split('\n')) {
    // Git still lists what was deleted and not yet committed.
    if (existsSync(file)) cpSync(file, path.join(folder, file));
  }
}
