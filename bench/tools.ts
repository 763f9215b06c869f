/** What the benchmarks compare with, and the Node the functions run on: installed on demand, apart from the project's own packages. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Trouble } from '../local/trouble';

const MANIFEST = ['package.json', 'package-lock.json'];

export interface Tools {
  /** The folder whose node_modules has the baselines' packages. */
  readonly folder: string;
  /** A Node of the functions' major if there is one for this machine, else the one that runs this. */
  readonly node: string;
  readonly nodeVersion: string;
}

/** @throws Trouble when npm cannot install them */
export function installTools(): Tools {
  const hash = createHash('sha256');
  for (const file of MANIFEST) hash.update(readFileSync(path.join('bench', file)));
  const folder = path.resolve('.tools', `bench-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(folder)) install(folder);
  const own = path.join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  const node = existsSync(own) ? own : process.execPath;
  const nodeVersion = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  return { folder, node, nodeVersion };
}

/** Beside first, and renamed when whole: an interrupted installation leaves nothing that looks finished. */
function install(folder: string): void {
  console.log('installing what the benchmarks compare with (once, about 400 MB)');
  const staging = `${folder}-${process.pid}.tmp`;
  mkdirSync(staging, { recursive: true });
  for (const file of MANIFEST) cpSync(path.join('bench', file), path.join(staging, file));
  const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: staging, encoding: 'utf8' });
  if (status !== 0) {
    rmSync(staging, { recursive: true, force: true });
    const reason = stderr.split('\n').find((line) => line.startsWith('npm error')) ?? 'no reason given';
    throw new Trouble(`npm ci failed (${reason}): check the network and run this again`);
  }
  for (const name of readdirSync(path.dirname(folder))) {
    if (name.startsWith('bench-') && !name.endsWith('.tmp'))
      rmSync(path.join(path.dirname(folder), name), { recursive: true, force: true });
  }
  renameSync(staging, folder);
}
