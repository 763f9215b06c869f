/** Publisher for other services. Events are typed and checked by their contracts, and every event that did not reach the bus is reported. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { type CheckedEvent, checkEvent, type LogisticsEvent } from './events';
import { type Failure, NotPublished } from './not-published';
import { type EntryResult, putEvents } from './put-events';

export { parseShipmentStalled, parseStatusChanged, type ShipmentStalled, type StatusChanged } from './status-events';
export type { Failure, LogisticsEvent };
export { NotPublished };

export interface PublisherSettings {
  /** `logistics-events-dev` */
  readonly busName: string;
  /** Default: a client with the SDK's own settings: region and credentials from the environment, three attempts per call. */
  readonly client?: Pick<EventBridgeClient, 'send'>;
  /** From 0 to below 1; scales the pauses between attempts. */
  readonly random?: () => number;
  readonly pause?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

export interface Publisher {
  /**
   * Checks all events and sends none if any is invalid. Then sends them in calls of up to ten and retries refused ones.
   * @returns EventBridge's ids, in the order of `events`
   * @throws NotPublished with every event that is not known to be on the bus
   */
  publish(events: readonly LogisticsEvent[], options?: { readonly signal?: AbortSignal }): Promise<string[]>;
}

const ATTEMPTS = 5;

/** Longest first pause; it doubles with each attempt. Pauses are random below that, so that many publishers spread out. */
const FIRST_PAUSE_MS = 100;

export function createPublisher({
  busName,
  client = new EventBridgeClient(),
  random = Math.random,
  pause = (milliseconds, signal) => sleep(milliseconds, undefined, signal && { signal }),
}: PublisherSettings): Publisher {
  return {
    async publish(events, { signal } = {}) {
      const entries = checked(events).map(({ source, detailType, detail }) => ({
        EventBusName: busName,
        Source: source,
        DetailType: detailType,
        Detail: detail,
      }));
      const results = await putEvents(entries, {
        client,
        attempts: ATTEMPTS,
        signal,
        pauseAfter: (attempt) => pause(random() * FIRST_PAUSE_MS * 2 ** (attempt - 1), signal),
      });
      const failures = events.flatMap((event, index) => {
        const reason = reasonOf(results[index]);
        return reason === undefined ? [] : [{ index, event, reasons: [reason] }];
      });
      if (failures.length > 0) throw new NotPublished(failures, events.length);
      return results.flatMap((result) => ('id' in result ? [result.id] : []));
    },
  };
}

/** Why an event is not known to be on the bus; undefined when it is. */
function reasonOf(result: EntryResult | undefined): string | undefined {
  if (!result) return 'not sent';
  if ('id' in result) return undefined;
  return 'refused' in result ? `refused: ${result.refused}` : result.unsent;
}

/** @throws NotPublished with all events, the invalid ones first, when any is invalid */
function checked(events: readonly LogisticsEvent[]): CheckedEvent[] {
  const valid: CheckedEvent[] = [];
  const unsent: Failure[] = [];
  const invalid: Failure[] = [];
  for (const [index, event] of events.entries()) {
    const result = checkEvent(event);
    if ('problems' in result) {
      invalid.push({ index, event, reasons: result.problems });
    } else {
      valid.push(result);
      unsent.push({ index, event, reasons: ['not sent: another event is invalid'] });
    }
  }
  if (invalid.length > 0) throw new NotPublished([...invalid, ...unsent], events.length);
  return valid;
}
