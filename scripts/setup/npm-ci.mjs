import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { run } from './processes.mjs';
import { Trouble } from './trouble.mjs';

/**
 * Installs the packages of a lockfile into another folder, which is made for them.
 * @param {string} project the folder with package.json and package-lock.json
 * @throws Trouble with npm's first word on it
 */
export async function npmCi(project, folder) {
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) cpSync(path.join(project, file), path.join(folder, file));
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, quiet: true });
  if (code === 0) return;
  const reason =
    output.split('\n').filter((line) => line.startsWith('npm error'))[0] ?? output.trim().split('\n').at(-1);
  throw new Trouble(`npm ci failed (${reason}): check the network and run this again`);
}
