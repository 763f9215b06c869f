/** The baseline: what was released last, in `contracts/released.json`. It changes on a release only. */
import { PUBLISHED } from '../generate/published';
import type { Released } from './incompatibilities';

export const BASELINE = 'contracts/released.json';

/** What the contracts say now, by name, in the baseline's shape. */
export const CURRENT: ReadonlyMap<string, Released> = new Map(
  PUBLISHED.map(({ name, direction, version, channels, headers, payload }) => [
    name,
    { direction, version, channels, ...(headers && { headers }), payload },
  ]),
);
