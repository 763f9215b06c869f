import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from './user-error.mjs';

/** The folder that set-up installs tools into, from the project's root; ignored by git and safe to delete. */
export const TOOLS = '.tools';

/** @param {string} tool a name in set-up */
export const toolFolder = (tool) => path.join(TOOLS, tool);

/** The Node that set-up installs where the caller's is too old. */
export const ownNode = () => path.join(toolFolder('node'), 'bin/node');

/**
 * The Python of a tool's virtual environment, as an absolute path. Start tools as `python -m …`: scripts in its `bin` folder hold the
 * path that they were installed under.
 * @param {'sam' | 'emulator' | 'rule-packs'} tool
 * @throws UserError when set-up has not installed it
 */
export function toolPython(tool) {
  const python = path.resolve(toolFolder(tool), 'bin/python');
  if (existsSync(python)) return python;
  throw new UserError(`${python} does not exist: start this by a script of package.json, like \`npm test\``);
}
