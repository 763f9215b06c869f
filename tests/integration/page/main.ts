/** `npm run test:page`: what a user does with the page of `npm start`, in a real Chromium. */
import type { Page } from 'playwright-core';
import { runCommand } from '../../../local/command';
import type { OnStarted } from '../../../local/started';
import { npmStart } from '../../support/npm-start';
import { openBrowser } from './browser';
import { STEPS } from './steps';

async function main(onStarted: OnStarted): Promise<number> {
  const browser = await openBrowser();
  onStarted(() => browser.close());
  const started = npmStart();
  onStarted(started.stop);
  const [, url = ''] = /^See it at (http:\S+)$/m.exec(await started.printed) ?? [];
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(15_000);
  const complaints = listenToComplaints(page, url);
  await page.goto(url);

  let failed = 0;
  const tell = (name: string, error?: unknown) => {
    const reason = error instanceof Error ? error.message.split('\n')[0] : error;
    if (error) failed += 1;
    console.log(error ? `FAILED page: ${name}: ${reason}` : `ok     page: ${name}`);
  };
  for (const [name, step] of Object.entries(STEPS))
    await step(page).then(
      () => tell(name),
      (error: unknown) => tell(name, error),
    );
  tell('asks npm start alone, and has no errors', complaints.join('; ') || undefined);
  return failed > 0 ? 1 : 0;
}

/** Errors in the page's console, and requests to anybody else. */
function listenToComplaints(page: Page, url: string): string[] {
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (line) => {
    // Chromium logs each answer that is not 2xx; the form's refusals are such.
    if (line.type() === 'error' && !line.text().includes('status of 422')) complaints.push(line.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin)) complaints.push(`a request to ${request.url()}`);
  });
  return complaints;
}

runCommand(main);
