/** The baseline: what was released last, in `contracts/released.json`. It changes on a release only. */
import { readFileSync } from 'node:fs';
import { PUBLISHED } from '../generate/published';
import type { Released } from './incompatibilities';

export const BASELINE = 'contracts/released.json';

/** @throws when the file is missing or is no JSON */
export function readBaseline(): Record<string, Released> {
  try {
    return JSON.parse(readFileSync(BASELINE, 'utf8'));
  } catch {
    throw new Error(`${BASELINE} is missing or is no JSON: restore it from git`);
  }
}

/** What the contracts say now, by name, in the baseline's shape. */
export const CURRENT: ReadonlyMap<string, Released> = new Map(
  PUBLISHED.map(({ name, direction, version, channels, headers, payload }) => [
    name,
    { direction, version, channels, ...(headers && { headers }), payload },
  ]),
);
