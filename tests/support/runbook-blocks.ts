import { readFileSync } from 'node:fs';
import { ENVIRONMENT } from '../../local/deploy';

/** The blocks of commands under a heading of docs/runbook.md, in order, for the local stack. */
export function runbookBlocks(heading: string): string[] {
  const pattern = new RegExp(`^## ${heading}\\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm');
  const [, text = ''] = pattern.exec(readFileSync('docs/runbook.md', 'utf8')) ?? [];
  const blocks = text.replaceAll('{env}', ENVIRONMENT).matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm);
  return [...blocks].map(([, block = '']) => block);
}
