/** Stops what a test file starts when its tests end. Jest loads this module once for each test file, so each has its own list. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type OnStarted, Started } from '../../local/started';

/** An embedded AWS that does not end by itself is killed after five seconds. */
const TIMEOUT_MS = 20_000;

const started = new Started();

afterAll(() => started.stopAll(), TIMEOUT_MS);

/** Registers what to stop when the file's tests have ended, also after a failure. The last started is stopped first. */
export const stopAfterTests: OnStarted = started.add;

/** Creates a folder that is removed when the file's tests have ended, and returns its path. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), `logistics-${name}-`));
  stopAfterTests(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
