/** The baseline: what was released last, in `contracts/released.json`. It changes on a release only. */
import { readFileSync } from 'node:fs';
import { PUBLISHED } from '../generate/published';
import type { Released } from './incompatibilities';

export const BASELINE = 'contracts/released.json';

/** @throws in one line when the file is not there or no JSON */
export function readBaseline(): Record<string, Released> {
  try {
    return JSON.parse(readFileSync(BASELINE, 'utf8'));
  } catch (error) {
    throw new Error(
      `${BASELINE} cannot be read (${error instanceof Error ? error.message : error}): restore it from git`,
    );
  }
}

/** What the contracts say now, by name, in the baseline's shape. */
export const CURRENT: ReadonlyMap<string, Released> = new Map(
  PUBLISHED.map(({ name, direction, version, channels, headers, payload }) => [
    name,
    { direction, version, channels, ...(headers && { headers }), payload },
  ]),
);
