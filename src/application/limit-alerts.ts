import { Postponed } from '../domain/failures';

/**
 * The row on which the alerts of one minute are counted, as one event may use it. Each method is one conditional write. Of the events
 * that found no place, one sends the summary of them all: its retry, a minute later, is the timer.
 */
export interface AlertMinute {
  /** Takes one of the minute's places; false when those of the error type, or all, are taken. */
  admit(): Promise<boolean>;
  /** Counts the event among those without a place. The next summary may be this event's to send; so many were taken before it. */
  suppress(): Promise<{ readonly summarizes: boolean; readonly summaries: number }>;
  /**
   * Takes every event that no summary has counted yet, the same ones in each attempt; undefined when no summary is this event's to send.
   * An event that is suppressed from now on belongs to the next summary.
   */
  takeSummary(): Promise<number | undefined>;
}

/** Summaries of one minute that are sent at once, by events that may have no attempt left to wait for. */
const SUMMARIES_AT_ONCE = 3;

export type AlertOutcome = 'sent' | 'suppressed' | 'summarized';

interface AlertPorts {
  /** True when no attempt on this event came before this one. */
  readonly isFirstAttempt: boolean;
  readonly minute: AlertMinute;
  /** Publishes the event's own message. */
  publish(): Promise<void>;
  /** Publishes one message that stands for so many events. */
  publishSummary(count: number): Promise<void>;
  /** Called for each event that found no place. */
  onSuppressed(): void;
}

/**
 * Publishes an alert while its minute has a place for it, and else counts it for the summary. Whatever crashes, each event is in a message of
 * its own or in a summary. An event whose process died, or whose publish failed, before the mark on its row may be in both, or counted twice.
 * @throws Postponed from the event that has to send the next summary: the rest of the burst comes in the meantime. Without an attempt left, it
 * waits in the dead-letter queue; only a flood whose events also fail comes to that
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
