import { setTimeout as sleep } from 'node:timers/promises';
import { rebuild } from '../../cli/commands/rebuild';
import { redrive } from '../../cli/commands/redrive';
import { targetOf } from '../../cli/target/target';
import type { Print } from '../../cli/terminal/output';
import { EVENT_FUNCTION_KEYS } from '../../contracts/functions';
import { until } from '../../lib/until.mjs';
import { ENVIRONMENT } from '../../local/deploy';
import { CREDENTIALS } from '../../local/environment';
import { FaultProxy } from '../../local/faults/fault-proxy';
import { type Snapshot, takeSnapshot } from '../../local/snapshot';
import { type LocalStack, startLocalStack } from '../../local/stack';
import type { OnStarted } from '../../local/started';
import { aDay } from './day';
import { type Expected, expectedOf, type SentDayEvent } from './model';
import type { readOptions } from './options.mjs';
import { Random } from './random';
import { RandomFaults } from './random-faults';
import { reconcile } from './reconciliation';

/** Most calls that may be under way when another event is sent: the emulator runs a process for each event. */
const CALLS_UNDER_WAY = 6;

/** Longer than the emulator's pause between two attempts, so that silence means the end. */
const QUIET_MS = 45_000;

const SILENT: Print = { target() {}, note() {}, rows() {}, result() {} };

/** Sends a day of events through the deployed stack with random faults in the functions' calls to AWS, then redrives. */
export async function simulate(
  { shipments, updates, seed, faults }: ReturnType<typeof readOptions>,
  progress: (message: string) => void,
  onStarted: OnStarted,
) {
  const proxy = new FaultProxy();
  onStarted(async () => proxy.close());
  const stack = await startLocalStack(0, progress, onStarted, {
    AWS_ENDPOINT_URL: await proxy.listen(),
    // The second retry comes after every lease has expired, as on AWS.
    LAMBDA_ASYNC_RETRY_BASE_SECONDS: '10',
  });
  proxy.forwardTo(stack.endpoint);
  const random = new Random(seed);
  const faultsMade = new RandomFaults(faults, random);
  proxy.beginDelivery(faultsMade.plan);

  const sent = await sendAll(aDay(shipments, updates, random), stack, proxy, progress);
  const expected = expectedOf(sent);
  progress(`${sent.length} events sent; waiting for retries`);
  await settle(stack, expected, proxy);

  // The faults end, as they do before an operator redrives.
  proxy.beginDelivery(() => undefined);
  const redriven = await redriveAll(stack);
  if (redriven > 0) progress(`${redriven} events had spent their attempts and were redriven`);
  const snapshot = await settle(stack, expected, proxy);
  const differences = await differencesOf(stack);
  const { doubtful } = faultsMade;
  return {
    sent: sent.length,
    account: reconcile({ sent: sent.length, expected, snapshot, doubtful, differences }),
    faultsMade,
    redriven,
  };
}

async function sendAll(
  events: ReturnType<typeof aDay>,
  stack: LocalStack,
  proxy: FaultProxy,
  progress: (message: string) => void,
): Promise<SentDayEvent[]> {
  const sent: SentDayEvent[] = [];
  for (const event of events) {
    await until(() => proxy.underWay < CALLS_UNDER_WAY, Number.POSITIVE_INFINITY, { everyMs: 5 });
    sent.push({ event, envelopeId: await stack.send(event) });
    // Time for the event to reach its function, whose calls then pace the next event.
    await sleep(8);
    if (sent.length % 250 === 0) progress(`${sent.length} of ${events.length} events sent`);
  }
  return sent;
}

/** Waits until all counts are as expected, or the functions have been silent for a while. */
function settle(stack: LocalStack, expected: Expected, proxy: FaultProxy): Promise<Snapshot> {
  const whenSettled = async () => {
    const snapshot = await takeSnapshot(stack);
    const queued = Object.values(snapshot.failed).flat().length;
    const isDone = snapshot.log.length === expected.accepted.size && queued === expected.rejected + expected.conflicts;
    return proxy.quietFor > (isDone ? 5_000 : QUIET_MS) && snapshot;
  };
  return until(whenSettled, Number.POSITIVE_INFINITY, { everyMs: 500 });
}

const contextOf = ({ endpoint }: LocalStack) => ({
  target: targetOf({ env: ENVIRONMENT, endpoint, accessKey: CREDENTIALS }),
  ending: new AbortController().signal,
});

/** Number of rows that `npx logistics rebuild --dry-run` prints. */
async function differencesOf(stack: LocalStack): Promise<number> {
  let found = 0;
  const print: Print = {
    ...SILENT,
    rows(rows) {
      found += rows.length;
    },
  };
  await rebuild({ dryRun: true, fromPart: 1 }, { ...contextOf(stack), print, goneBefore: 0 });
  return found;
}

async function redriveAll(stack: LocalStack): Promise<number> {
  let redriven = 0;
  for (const key of EVENT_FUNCTION_KEYS) {
    const { counts } = await redrive(key, {}, { ...contextOf(stack), print: SILENT });
    redriven += counts.get('redriven') ?? 0;
  }
  return redriven;
}
