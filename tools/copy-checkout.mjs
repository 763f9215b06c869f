import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../lib/user-error.mjs';

/**
 * Copies this checkout's files into a folder, with uncommitted changes.
 * @param {string} folder
 * @throws UserError outside a git checkout
 */
export function copyCheckout(folder) {
  const files = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' });
  if (files.status !== 0)
    throw new UserError('this folder is not a git checkout: clone the project and run this in the clone');
  for (const file of files.stdout.trim().split('\n')) {
    // Git still lists deleted files until the deletion is committed.
    if (existsSync(file)) cpSync(file, path.join(folder, file));
  }
}
