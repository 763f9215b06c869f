import { readFileSync } from 'node:fs';
import type { FunctionKey } from '../contracts/functions';
import { FUNCTION_FIGURES } from '../template-src/defaults';
import { billedMilliseconds } from './memory';

const DOCUMENT = 'docs/performance.md';

/**
 * Milliseconds that a warm event of a function is billed for, at its memory, as the document quotes the memory sweep: it stands nowhere else.
 * @throws Error when the document has no such row
 */
export function measuredMilliseconds(key: FunctionKey): number {
  const { memory } = FUNCTION_FIGURES[key];
  for (const line of readFileSync(DOCUMENT, 'utf8').split('\n')) {
    const [, name, megabytes, , warm] = line.split('|').map((cell) => cell.replaceAll('*', '').trim());
    if (name === key && megabytes === String(memory)) return billedMilliseconds(key, Number(warm));
  }
  throw new Error(
    `${DOCUMENT} has no memory sweep of the ${key} at ${memory} MB: run \`npm run bench -- memory --write\``,
  );
}
