import { alarms } from './alarms';
import { bus } from './bus';
import type { Claim } from './claim';
import { delivery } from './delivery';
import { deployRole } from './deploy-role';
import { durations } from './durations';
import { dynamodb } from './dynamodb';
import { failures } from './failures';
import { restore } from './restore';
import { stack } from './stack';
import { stream } from './stream';

const BY_KIND = [dynamodb, bus, delivery, failures, stream, alarms, restore, stack, deployRole, durations];

/** All claims, in the order of the report. */
export const CLAIMS: readonly Claim[] = BY_KIND.flatMap((claims) =>
  Object.entries(claims).map(([id, claim]) => ({ id, ...claim })),
);
