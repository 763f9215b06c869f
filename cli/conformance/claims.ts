import { alarms } from './alarms';
import { bus } from './bus';
import type { Claim } from './claim';
import { delivery } from './delivery';
import { deployRole } from './deploy-role';
import { durations } from './durations';
import { dynamodb } from './dynamodb';
import { failures } from './failures';
import { publicAddress } from './public-address';
import { restore } from './restore';
import { stack } from './stack';
import { stream } from './stream';

/** Every claim, in the order of the report. */
export const CLAIMS: readonly Claim[] = [
  ...dynamodb,
  ...bus,
  ...delivery,
  ...failures,
  ...stream,
  ...publicAddress,
  ...alarms,
  ...restore,
  ...stack,
  ...deployRole,
  ...durations,
];
