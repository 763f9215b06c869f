import { readFileSync } from 'node:fs';
import { ENVIRONMENT } from '../../local/deploy';

function section(heading: string): string {
  const pattern = new RegExp(`^## ${heading}\\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm');
  const [, text = ''] = pattern.exec(readFileSync('docs/runbook.md', 'utf8')) ?? [];
  return text.replaceAll('{env}', ENVIRONMENT);
}

/** The blocks of commands under a heading of docs/runbook.md, in order, for the local stack. */
export const runbookBlocks = (heading: string): string[] =>
  [...section(heading).matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, block = '']) => block);

/** The operator's commands under a heading of docs/runbook.md, in blocks and in sentences. */
export const runbookCommands = (heading: string): string[] =>
  [...section(heading).matchAll(/npx --no-install logistics [^`\n]+/g)].map(([command]) => command.trim());
