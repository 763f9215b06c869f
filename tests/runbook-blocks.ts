import { readFileSync } from 'node:fs';
import { ENVIRONMENT } from '../local/deploy';

/** The blocks of commands under a heading of docs/runbook.md, in their order, as one would type them for the local stack. */
export function runbookBlocks(heading: string): string[] {
  const [, section = ''] =
    new RegExp(`^## ${heading}\\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(
      readFileSync('docs/runbook.md', 'utf8'),
    ) ?? [];
  return [...section.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, block = '']) =>
    block.replaceAll('{env}', ENVIRONMENT),
  );
}
