import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOOLS } from './paths.mjs';
import { Trouble } from './trouble.mjs';

const LOCK = path.join(TOOLS, 'setup.lock');
const PATIENCE_MS = 10 * 60_000;

/** Runs the work while no other set-up of this checkout runs. A lock whose process is gone is taken over. */
export async function withLock(work) {
  mkdirSync(TOOLS, { recursive: true });
  let told = false;
  for (const start = Date.now(); !take(); await sleep(500)) {
    if (!told) console.log(`waiting for another set-up of this checkout (process ${holder()})`);
    told = true;
    if (Date.now() - start > PATIENCE_MS)
      throw new Trouble(`another set-up has held ${LOCK} for ten minutes: end it, or delete the file`);
  }
  try {
    return await work();
  } finally {
    release();
  }
}

/** Gives the lock back if it is this process's. */
export function release() {
  if (holder() === process.pid) rmSync(LOCK, { force: true });
}

function take() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw new Trouble(`${LOCK} cannot be written: ${error.message}`);
    const pid = holder();
    if (pid && !alive(pid)) rmSync(LOCK, { force: true });
    return false;
  }
}

function holder() {
  try {
    return Number(readFileSync(LOCK, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
