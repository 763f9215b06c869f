/**
 * Set-up: installs a Node that is new enough, the npm packages, and tools in `.tools/`. It imports only Node's own modules, so that Node 18
 * can run it. It prints nothing when nothing is missing.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onInterrupt, run, SIGNALS } from '../lib/processes.mjs';
import { ownNode, TOOLS, toolFolder } from '../lib/tools.mjs';
import { until } from '../lib/until.mjs';
import { UserError } from '../lib/user-error.mjs';
import { isolate, neutralize, npmEnvironment, pipEnvironment } from './environment.mjs';
import { findPython } from './python.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const LOCK = path.join(TOOLS, 'setup.lock');
const LOCK_TIMEOUT_MS = 10 * 60_000;

/** The oldest supported Node: the AWS SDK will need 22, and an older 22 lacks features that tests use. */
const OLDEST_NODE = [22, 18];
const OWN_NODE = path.resolve(ROOT, ownNode());

const INSTALLS = {
  packages: {
    title: 'npm packages',
    isReady: hasPackages,
    async install() {
      await npmCi('.');
      await run(process.execPath, ['cli/build.mjs'], { quiet: true });
    },
  },
  node: tool('node', 'Node 24', 'tools/node/package-lock.json', 'bin/node', async (folder) => {
    await npmCi(folder, 'tools/node');
    // Keeps only the program: headers are a third of the package.
    const modules = path.join(folder, 'node_modules');
    const [name] = existsSync(modules) ? readdirSync(modules).filter((entry) => entry.startsWith('node-')) : [];
    if (name) renameSync(path.join(modules, name, 'bin'), path.join(folder, 'bin'));
    rmSync(modules, { recursive: true, force: true });
    if (spawnSync(OWN_NODE, ['--version']).status !== 0)
      throw new UserError(
        `Node ${process.versions.node} is too old, and npm has no Node 24 for this machine: install Node 24 and run this again`,
      );
  }),
  sam: pythonTool('sam', 'SAM'),
  emulator: pythonTool('emulator', 'embedded AWS'),
  'rule-packs': pythonTool('rule-packs', 'rule packs'),
  bench: tool('bench', 'what the benchmarks compare with', 'bench/package-lock.json', '', (folder) =>
    npmCi(folder, 'bench'),
  ),
  mutation: tool('mutation', 'mutation testing', 'tools/mutation/package-lock.json', '', (folder) =>
    npmCi(folder, 'tools/mutation'),
  ),
  'event-ruler': tool('event-ruler', "EventBridge's matcher", 'tools/requirements/event-ruler.pom.xml', '', mavenCopy),
};

/**
 * Installs what is missing, restarts this process on a newer Node if needed, and removes environment variables that would change the tools or
 * point off this machine. Call it once, before importing anything from node_modules.
 * @param {...keyof typeof INSTALLS} tools
 * @throws UserError when something is missing that the user must install
 */
export async function setUp(...tools) {
  process.chdir(ROOT);
  neutralize(process.env);
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  const missing = () => (isOld ? ['node'] : ['packages', ...tools]).filter((name) => !INSTALLS[name].isReady());
  if (missing().length > 0) await install(missing);
  if (isOld) await restartOn(OWN_NODE);
  isolate(process.env);
}

async function install(missing) {
  const offInterrupt = onInterrupt(unlock);
  await lock();
  const names = missing();
  // All run at once, since one unpacks while another downloads; they are reported one after another.
  const installs = names.map((name) => INSTALLS[name].install());
  const allEnded = Promise.allSettled(installs);
  try {
    for (const [index, name] of names.entries()) {
      const started = Date.now();
      process.stdout.write(`set-up ${index + 1}/${names.length}: ${INSTALLS[name].title} … `);
      await installs[index];
      console.log(`${Math.ceil((Date.now() - started) / 1000)} s`);
    }
  } catch (error) {
    process.stdout.write('failed\n');
    // The others are complete then, and kept.
    await allEnded;
    throw error;
  } finally {
    unlock();
    offInterrupt();
  }
}

/** A tool in its own folder. A stamp with the hash of its pins is written last; `proof` is a file that must also exist. */
function tool(name, title, pins, proof, work) {
  const folder = toolFolder(name);
  const stamp = path.join(folder, '.stamp');
  const hash = () =>
    createHash('sha256').update(`${process.platform} ${process.arch}\n`).update(readFileSync(pins)).digest('hex');
  return {
    title,
    isReady: () => existsSync(stamp) && readFileSync(stamp, 'utf8') === hash() && existsSync(path.join(folder, proof)),
    async install() {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      await work(folder, pins);
      writeFileSync(stamp, hash());
    },
  };
}

/**
 * A Python tool in its own virtual environment: SAM and the emulator need different versions of botocore. Packages are pinned with the hashes
 * of their files and installed without resolving dependencies, so that Python 3.10 to 3.13 get the same tools.
 */
function pythonTool(name, title) {
  return tool(name, `${title} (Python)`, `tools/requirements/${name}.txt`, 'bin/python', async (folder, pins) => {
    const python = findPython();
    await runInstaller(python, ['-m', 'venv', folder], 'a virtual environment cannot be created');
    const venvPython = path.join(folder, 'bin/python');
    const settings = await run(venvPython, ['-m', 'pip', 'config', 'list'], { quiet: true });
    const env = pipEnvironment(process.env, settings.output);
    // Python compiles a module when it is first imported, which few of SAM's are.
    const pip = ['-m', 'pip', 'install', '--no-compile', '--no-deps', '--require-hashes', '-r', pins];
    await runInstaller(venvPython, pip, `${name} cannot be installed`, { env });
  });
}

/** Installs the packages of a lockfile, in its own folder or in another that gets a copy of the lockfile. */
async function npmCi(folder, project = folder) {
  if (project !== folder)
    for (const file of ['package.json', 'package-lock.json']) cpSync(path.join(project, file), path.join(folder, file));
  await runInstaller('npm', ['ci'], 'npm ci failed', { cwd: folder, env: npmEnvironment(process.env) });
}

async function mavenCopy(folder, pins) {
  const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${path.resolve(folder)}`];
  await runInstaller('mvn', ['-B', '-q', '-f', pins, ...copy], "EventBridge's matcher cannot be installed");
}

/** Runs one installer. @throws UserError with the line of its output that has the reason */
async function runInstaller(command, args, failure, settings = {}) {
  const { code, output } = await run(command, args, { quiet: true, ...settings });
  if (code === 0) return;
  const lines = output.trim().split('\n');
  const reason = lines.find((line) => /^npm (error|ERR!) (?!code|errno|syscall)|^\[?ERROR/.test(line)) ?? lines.at(-1);
  throw new UserError(`${failure} (${reason}): check the network and run this again`);
}

/** Compares the lockfile with the copy of installed packages that npm writes into node_modules last. */
function hasPackages() {
  // A linked folder belongs to another checkout.
  if (lstatSync('node_modules', { throwIfNoEntry: false })?.isSymbolicLink()) return true;
  const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const installed = 'node_modules/.package-lock.json';
  if (!existsSync(installed)) return false;
  const present = packagesOf(installed);
  return Object.entries(packagesOf('package-lock.json')).every(
    ([name, { version, optional }]) =>
      !name.startsWith('node_modules/') || (optional && !present[name]) || present[name]?.version === version,
  );
}

/** Waits until no other set-up of this checkout runs. A lock whose process has ended is removed. */
async function lock() {
  mkdirSync(TOOLS, { recursive: true });
  if (tryLock()) return;
  console.log(`waiting for another set-up of this checkout (process ${holder()})`);
  const otherwise = () => {
    throw new UserError(`another set-up has held ${path.resolve(LOCK)} for ten minutes: end it, or delete the file`);
  };
  await until(tryLock, LOCK_TIMEOUT_MS, { everyMs: 500, otherwise });
}

function tryLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw new UserError(`${path.resolve(LOCK)} cannot be written: ${error.message}`);
    const pid = holder();
    if (pid && !isRunning(pid)) rmSync(LOCK, { force: true });
    return false;
  }
}

function unlock() {
  if (holder() === process.pid) rmSync(LOCK, { force: true });
}

const holder = () => (existsSync(LOCK) ? Number(readFileSync(LOCK, 'utf8')) : undefined);

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs this command again on another Node, first on the PATH of everything it starts, and exits with its code. */
async function restartOn(node) {
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit', env });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  await new Promise((_, reject) => {
    child.once('error', reject);
    child.once('close', (code) => process.exit(code ?? 1));
  });
}
