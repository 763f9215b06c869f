import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

export const BUNDLE = path.join(ROOT, 'dist/cli/logistics.cjs');

/** Names of the bundle's source files, and the hash of their contents. */
export const INPUTS = path.join(ROOT, 'dist/cli/inputs.json');

/** Hash of the files' contents. @param {readonly string[]} files relative to the project's root */
export function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(path.join(ROOT, file))).update('\0');
  return hash.digest('hex');
}

/** True when the bundle exists and its sources have not changed since. */
export function isCurrent() {
  try {
    const { files, hash } = JSON.parse(readFileSync(INPUTS, 'utf8'));
    return hashOf(files) === hash;
  } catch {
    return false;
  }
}
