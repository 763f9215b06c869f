/** Brings a fresh clone to where the project runs, with Node's own modules only. Says nothing when there is nothing to do. */
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isolate } from './isolate.mjs';
import { release, withLock } from './lock.mjs';
import { nodeModulesStep } from './node-modules.mjs';
import { TOOLS } from './paths.mjs';
import { onInterrupt } from './processes.mjs';
import { findPython } from './python.mjs';
import { pythonOf, pythonToolStep } from './python-tool.mjs';
import { Trouble } from './trouble.mjs';

const PYTHON_TOOLS = ['sam', 'emulator'];
const OLDEST_NODE = 20;

/**
 * Installs what is missing, then takes out of this process's environment what leads off this machine.
 * @param {() => unknown[]} furtherSteps those that only the caller needs
 * @returns {Promise<Record<string, string>>} environment variables for what runs next: the Python of each tool
 * @throws Trouble when something is missing that only the user can install
 */
export async function setUp(furtherSteps = () => []) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new Trouble(
      `Node ${process.versions.node} is too old: install Node ${OLDEST_NODE} or later and run this again`,
    );
  }
  const offInterrupt = onInterrupt(() => {
    removeEnding(`-${process.pid}.tmp`);
    release();
  });
  const python = findPython();
  const pythonSteps = () => PYTHON_TOOLS.map((tool) => pythonToolStep(tool, python));
  const steps = () => [nodeModulesStep(), ...pythonSteps(), ...furtherSteps()].filter(Boolean);
  if (steps().length > 0) await withLock(() => runAll(steps()));
  offInterrupt();
  isolate(process.env);
  return {
    SAM_PYTHON: pythonOf('sam', python),
    EMULATOR_PYTHON: pythonOf('emulator', python),
    // A notice for this project's developers, who have it in the CHANGELOG: noise to whoever wants to see events travel.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

async function runAll(steps) {
  removeEnding('.tmp');
  for (const [index, { what, folder, work }] of steps.entries()) {
    const started = Date.now();
    process.stdout.write(`set-up ${index + 1}/${steps.length}: ${what} … `);
    try {
      await work();
    } catch (error) {
      process.stdout.write('failed\n');
      removeEnding('.tmp');
      throw error;
    }
    const megabytes = Math.round(sizeOf(folder) / 1e6);
    console.log(`${megabytes} MB in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  }
}

/**
 * Removes unfinished folders: nothing uses one before it is renamed. Everybody's only under the lock, which says that no other set-up
 * is building them; else this process's own.
 */
function removeEnding(suffix) {
  if (!existsSync(TOOLS)) return;
  for (const name of readdirSync(TOOLS)) {
    if (name.endsWith(suffix)) rmSync(path.join(TOOLS, name), { recursive: true, force: true });
  }
}

function sizeOf(entry) {
  const stat = lstatSync(entry);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(entry).reduce((sum, name) => sum + sizeOf(path.join(entry, name)), 0);
}
