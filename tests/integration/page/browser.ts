import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { UserError } from '../../../lib/user-error.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FOLDERS = (process.env['PATH'] ?? '').split(path.delimiter);
const MAC_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** @throws UserError when no Chromium is installed */
function chromiumPath(): string {
  const candidates = [...NAMES.flatMap((name) => FOLDERS.map((folder) => path.join(folder, name))), ...MAC_PATHS];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (!found)
    throw new UserError(`no Chromium found (${NAMES.join(', ')}): install one (Debian: apt install chromium)`);
  return found;
}

/** Opens a browser with a temporary profile. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath(), args: ['--disable-gpu', '--disable-quic'] });
