import { until } from '../lib/until.mjs';
import { type Snapshot, takeSnapshot } from '../local/snapshot';
import type { LocalStack } from '../local/stack';
import { type SentEvent, unmet } from './expectations';
import { sampleEvents } from './sample-events';
import { type SentWebhook, sendWebhooks } from './sample-webhooks';

/** A rejected event and its retries take about five seconds, and longer on a slow machine. */
const SETTLE_TIMEOUT_MS = 120_000;

/** Events under way at a time: the emulator runs a process for each. */
const AT_ONCE = 4;

export interface Outcome {
  readonly sent: readonly SentEvent[];
  readonly webhooks: readonly SentWebhook[];
  readonly snapshot: Snapshot;
  readonly unmet: readonly string[];
}

/** Posts a webhook of each carrier platform, puts every sample on the bus, and waits until all expectations are met or the time is up. */
export async function runSamples(stack: LocalStack): Promise<Outcome> {
  const webhooks = await sendWebhooks(stack);
  const sent: SentEvent[] = [];
  for (const sample of sampleEvents()) {
    sent.push({ ...sample, envelopeId: await stack.send(sample.event) });
    // Duplicates and conflicts depend on earlier samples, which must have been handled.
    if (sent.length % AT_ONCE !== 0 && sample.reason === undefined) continue;
    const settled = await settle(stack, sent.filter(isAccepted), webhooks, SETTLE_TIMEOUT_MS);
    // Later samples would wait as long and not settle either.
    if (settled.unmet.length > 0) return { sent, webhooks, ...settled };
  }
  return { sent, webhooks, ...(await settle(stack, sent, webhooks, SETTLE_TIMEOUT_MS)) };
}

const isAccepted = ({ reason }: SentEvent) => reason === undefined;

/** Polls until all expectations are met or the time is up. */
async function settle(
  stack: LocalStack,
  sent: readonly SentEvent[],
  webhooks: readonly SentWebhook[],
  timeoutMs: number,
) {
  const check = async () => {
    const snapshot = await takeSnapshot(stack);
    return { snapshot, unmet: unmet(sent, webhooks, snapshot) };
  };
  const whenMet = async () => {
    const checked = await check();
    return checked.unmet.length === 0 && checked;
  };
  return until(whenMet, timeoutMs, { everyMs: 100, otherwise: check });
}
