import { Postponed } from '../domain/failures';

/**
 * The row that counts the alerts of one minute, for one event. Each method is one conditional write. One of the events that found no place
 * sends the summary of them all: Lambda's retry of it, a minute later, is the timer.
 */
export interface AlertMinute {
  /** Takes one of the minute's places; false when all of them, or all of the error type, are taken. */
  admit(): Promise<boolean>;
  /** Counts the event as suppressed. `summarizes`: this event has to send the next summary. `summaries`: those taken before. */
  suppress(): Promise<{ readonly summarizes: boolean; readonly summaries: number }>;
  /**
   * Takes the events that no summary has counted yet, the same ones in each attempt; undefined when this event has no summary to send.
   * Events suppressed after this call belong to the next summary.
   */
  takeSummary(): Promise<number | undefined>;
}

/** Summaries of one minute that are sent without waiting, by events that may have no attempt left. */
const SUMMARIES_AT_ONCE = 3;

export type AlertOutcome = 'sent' | 'suppressed' | 'summarized';

interface AlertPorts {
  readonly isFirstAttempt: boolean;
  readonly minute: AlertMinute;
  publish(): Promise<void>;
  /** Publishes one message about `count` events. */
  publishSummary(count: number): Promise<void>;
  onSuppressed(): void;
}

/**
 * Publishes an alert while its minute has a place for it; otherwise counts it for the summary. Whatever crashes, each event is in a message of
 * its own or in a summary. An event whose process died, or whose publish failed, before its row was marked may be in both, or counted twice.
 * @throws Postponed from the event that has to send the next summary: the rest of the burst arrives meanwhile. Without an attempt left, the
 * event waits in the dead-letter queue; that happens only in a flood whose events also fail
 */
export async function sendWithinLimit(ports: AlertPorts): Promise<AlertOutcome> {
  const { isFirstAttempt, minute, publish, onSuppressed } = ports;
  if (!isFirstAttempt && (await summarize(ports))) return 'summarized';
  if (await minute.admit()) {
    await publish();
    return 'sent';
  }
  const { summarizes, summaries } = await minute.suppress();
  onSuppressed();
  if (!summarizes) return 'suppressed';
  if (isFirstAttempt || summaries >= SUMMARIES_AT_ONCE) {
    throw new Postponed('the event sends the summary of its minute when Lambda retries it');
  }
  return (await summarize(ports)) ? 'summarized' : 'suppressed';
}

async function summarize({ minute, publishSummary }: AlertPorts): Promise<boolean> {
  const count = await minute.takeSummary();
  if (count === undefined) return false;
  await publishSummary(count);
  return true;
}
