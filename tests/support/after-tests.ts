/** Ends what a test file starts when its tests end. Jest gives each file that imports this a copy of its own, and so a list of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type OnStarted, Started } from '../../local/started';

/** An embedded AWS that does not end by itself is killed after five seconds. */
const TIMEOUT_MS = 20_000;

const started = new Started();

afterAll(() => started.stopAll(), TIMEOUT_MS);

/** Has something stopped when the file's tests have ended, whatever came of them or of what goes before them: the last started first. */
export const stopAfterTests: OnStarted = started.add;

/** Makes a folder that is there until the file's tests have ended; answers its path. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), `logistics-${name}-`));
  stopAfterTests(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
