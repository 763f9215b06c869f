import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../lib/user-error.mjs';

/**
 * The files that git tracks or would add.
 * @param {...string} patterns of git; all files without one
 * @throws UserError outside a git checkout
 */
export function checkoutFiles(...patterns) {
  const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard', ...patterns], { encoding: 'utf8' });
  if (listed.status !== 0)
    throw new UserError('this folder is not a git checkout: clone the project and run this in the clone');
  // Git still lists deleted files until the deletion is committed.
  return listed.stdout.split('\n').filter((file) => file && existsSync(file));
}

/** Copies this checkout's files into a folder, with uncommitted changes. @param {string} folder */
export function copyCheckout(folder) {
  for (const file of checkoutFiles()) cpSync(file, path.join(folder, file));
}
