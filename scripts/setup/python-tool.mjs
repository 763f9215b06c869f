import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ROOT, TOOLS } from './paths.mjs';
import { run } from './processes.mjs';
import { Trouble } from './trouble.mjs';

/** Each tool has a virtual environment of its own: SAM and the emulator pin different versions of botocore. */
const requirementsOf = (tool) => path.join(ROOT, `tools/requirements/${tool}.txt`);

/** The environment's folder is named by what it holds, so a changed pin or another Python makes a new one. */
function folderOf(tool, python) {
  const hash = createHash('sha256')
    .update(readFileSync(requirementsOf(tool)))
    .update(python.version)
    .digest('hex');
  return path.join(TOOLS, `${tool}-${hash.slice(0, 12)}`);
}

/** The Python of a tool's environment. Run tools as `python -m …`: scripts in its bin folder hold the path it was built under. */
export const pythonOf = (tool, python) => path.join(folderOf(tool, python), 'bin/python');

/** The step that builds a tool's environment; undefined when it is there. */
export function pythonToolStep(tool, python) {
  const folder = folderOf(tool, python);
  if (existsSync(folder)) return undefined;
  return { what: `${tool} (Python ${python.version})`, folder, work: () => install(tool, python, folder) };
}

async function install(tool, python, folder) {
  const staging = `${folder}-${process.pid}.tmp`;
  const made = await run(python.executable, ['-m', 'venv', staging], { quiet: true });
  if (made.code !== 0)
    throw new Trouble(`a virtual environment cannot be made: ${made.output.trim().split('\n').at(-1)}`);
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '-r',
    requirementsOf(tool),
  ];
  const installed = await run(path.join(staging, 'bin/python'), pip, { quiet: true });
  if (installed.code !== 0) {
    const reason =
      installed.output
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('ERROR'))
        .at(-1) ?? 'pip failed';
    throw new Trouble(`${tool} cannot be installed (${reason}): check the network and run this again`);
  }
  // Environments of earlier pins are of no more use.
  for (const name of readdirSync(TOOLS)) {
    if (name.startsWith(`${tool}-`) && !name.endsWith('.tmp'))
      rmSync(path.join(TOOLS, name), { recursive: true, force: true });
  }
  renameSync(staging, folder);
}
