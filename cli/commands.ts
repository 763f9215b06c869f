import { register as conformance } from './commands/conformance';
import { register as correct } from './commands/correct';
import { register as discard } from './commands/discard';
import { register as doctor } from './commands/doctor';
import { register as errors } from './commands/errors';
import { register as list } from './commands/list';
import { register as queues } from './commands/queues';
import { register as rebuild } from './commands/rebuild';
import { register as redact } from './commands/redact';
import { register as redrive } from './commands/redrive';
import { register as repair } from './commands/repair';
import { register as replay } from './commands/replay';
import { register as republish } from './commands/republish';
import { register as send } from './commands/send';
import { register as smoke } from './commands/smoke';
import { register as teardown } from './commands/teardown';
import { register as track } from './commands/track';
import type { Register } from './program';

/** All commands, in the order that the help lists them. */
export const COMMANDS: readonly Register[] = [
  track,
  list,
  correct,
  rebuild,
  errors,
  queues,
  redrive,
  discard,
  redact,
  repair,
  replay,
  republish,
  send,
  smoke,
  teardown,
  doctor,
  conformance,
];
