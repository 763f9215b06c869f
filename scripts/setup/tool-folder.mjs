/** Folders of installed tools below `.tools/`, each named by what it holds: a changed pin makes a new one. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ROOT, TOOLS } from './paths.mjs';

/** The file with a tool's pins. */
export const requirementsOf = (file) => path.join(ROOT, 'tools/requirements', file);

/** @param {string} requirements the file with the tool's pins  @param {string} platform what it runs on: another one gets its own folder */
export function toolFolder(tool, requirements, platform) {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  return path.join(TOOLS, `${tool}-${platform}-${hash.slice(0, 12)}`);
}

/** Where a folder is built before it is whole; set-up clears away what ends in `.tmp`. */
export const stagingOf = (folder) => `${folder}-${process.pid}.tmp`;

/** Puts a finished tool in its place. Earlier pins' folders are of no more use; another platform's may be in use this moment. */
export function putInPlace(folder) {
  const toolOnPlatform = path.basename(folder).replace(/[^-]*$/, '');
  for (const name of readdirSync(TOOLS)) {
    if (name.startsWith(toolOnPlatform) && !name.endsWith('.tmp'))
      rmSync(path.join(TOOLS, name), { recursive: true, force: true });
  }
  renameSync(stagingOf(folder), folder);
}
