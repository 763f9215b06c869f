import { existsSync } from 'node:fs';
import path from 'node:path';
import { run } from './processes.mjs';
import { putInPlace, requirementsOf, stagingOf, toolFolder } from './tool-folder.mjs';
import { Trouble } from './trouble.mjs';

/**
 * Each tool has a virtual environment of its own: SAM and the emulator pin different versions of botocore. Every package is pinned with the
 * hashes of its files, and installed without resolving, so that Python 3.10 to 3.13 get the same tools.
 */
const pinsOf = (tool) => requirementsOf(`${tool}.txt`);

const folderOf = (tool, python) => toolFolder(tool, pinsOf(tool), `python${python.version}`);

/** The Python of a tool's environment. Run tools as `python -m …`: scripts in its bin folder hold the path it was built under. */
export const pythonOf = (tool, python) => path.join(folderOf(tool, python), 'bin/python');

/** The step that builds a tool's environment; undefined when it is there. */
export function pythonToolStep(tool, python) {
  const folder = folderOf(tool, python);
  if (existsSync(folder)) return undefined;
  return { what: `${tool} (Python ${python.version})`, folder, work: () => install(tool, python, folder) };
}

async function install(tool, python, folder) {
  const staging = stagingOf(folder);
  const made = await run(python.executable, ['-m', 'venv', staging], { quiet: true });
  if (made.code !== 0)
    throw new Trouble(`a virtual environment cannot be made: ${made.output.trim().split('\n').at(-1)}`);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const packages = ['--no-deps', '--require-hashes', '-r', pinsOf(tool)];
  const installed = await run(path.join(staging, 'bin/python'), [...pip, ...packages], { quiet: true });
  if (installed.code !== 0) {
    const reason =
      installed.output
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('ERROR'))
        .at(-1) ?? 'pip failed';
    throw new Trouble(`${tool} cannot be installed (${reason}): check the network and run this again`);
  }
  putInPlace(folder);
}
