/** `npm run test:page`: a user's steps on the page of `npm start`, in a real Chromium. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { UserError } from '../../../lib/user-error.mjs';
import { runCommand } from '../../../local/command';
import type { OnStarted } from '../../../local/started';
import { npmStart } from '../../support/npm-start';
import { STEPS } from './steps';

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

async function main(onStarted: OnStarted): Promise<number> {
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--disable-gpu', '--disable-quic'],
  });
  onStarted(() => browser.close());
  const started = npmStart();
  onStarted(started.stop);
  const [, url = ''] = /^See it at (http:\S+)$/m.exec(await started.printed) ?? [];
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(15_000);
  const problems = collectProblems(page, url);
  await page.goto(url);

  for (const [name, step] of Object.entries(STEPS)) {
    try {
      await step(page);
      console.log(`ok     page: ${name}`);
    } catch (error) {
      problems.push(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    }
  }
  for (const problem of problems) console.log(`FAILED page: ${problem}`);
  return problems.length > 0 ? 1 : 0;
}

/** Collects errors from the page's console, and requests to other servers. */
function collectProblems(page: Page, url: string): string[] {
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (line) => {
    // Chromium logs every response that is not 2xx, so also the form's refusals.
    if (line.type() === 'error' && !line.text().includes('status of 422')) problems.push(line.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin)) problems.push(`a request to ${request.url()}`);
  });
  return problems;
}

runCommand(main);
