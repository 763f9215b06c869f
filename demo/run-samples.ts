import { until } from '../lib/until.mjs';
import { type Snapshot, takeSnapshot } from '../local/snapshot';
import type { LocalStack } from '../local/stack';
import { type SentEvent, unmet } from './expectations';
import { sampleEvents } from './sample-events';
import { type SentWebhook, sendWebhooks } from './sample-webhooks';

/** Retries and their pauses of a rejected event take about five seconds each; a slow machine takes longer. */
const SETTLE_TIMEOUT_MS = 120_000;

/** The emulator runs a process for each event under way: this many at a time. */
const AT_ONCE = 4;

export interface Outcome {
  readonly sent: readonly SentEvent[];
  readonly webhooks: readonly SentWebhook[];
  readonly snapshot: Snapshot;
  /** Expectations that were not met. */
  readonly unmet: readonly string[];
}

/** Puts every sample on the bus, posts a webhook of each carrier platform, and waits until all of it has had its effect, or the time is up. */
export async function runSamples(stack: LocalStack): Promise<Outcome> {
  const webhooks = await sendWebhooks(stack);
  const sent: SentEvent[] = [];
  for (const sample of sampleEvents()) {
    sent.push({ ...sample, envelopeId: await stack.send(sample.event) });
    // A sample is judged against those before it (a duplicate, a conflict): they must have been handled.
    if (sent.length % AT_ONCE !== 0 && sample.reason === undefined) continue;
    const settled = await settle(stack, sent.filter(isAccepted), webhooks, SETTLE_TIMEOUT_MS);
    // Waiting as long for each of the others would not help.
    if (settled.unmet.length > 0) return { sent, webhooks, ...settled };
  }
  return { sent, webhooks, ...(await settle(stack, sent, webhooks, SETTLE_TIMEOUT_MS)) };
}

const isAccepted = ({ reason }: SentEvent) => reason === undefined;

/** Polls until nothing is unmet, or the time is up. */
async function settle(
  stack: LocalStack,
  sent: readonly SentEvent[],
  webhooks: readonly SentWebhook[],
  timeoutMs: number,
) {
  const look = async () => {
    const snapshot = await takeSnapshot(stack);
    return { snapshot, unmet: unmet(sent, webhooks, snapshot) };
  };
  const whenMet = async () => {
    const seen = await look();
    return seen.unmet.length === 0 && seen;
  };
  return until(whenMet, timeoutMs, { everyMs: 100, otherwise: look });
}
