/** Puts events on the bus from another service: typed and checked by the contracts, and never silent about one that did not get there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { checkEvent, type LogisticsEvent } from './events';
import { type Failure, NotPublished } from './not-published';
import { type Bus, type Pending, putEvents } from './put-events';

export { parseShipmentStalled, parseStatusChanged, type ShipmentStalled, type StatusChanged } from './status-events';
export type { Failure, LogisticsEvent };
export { NotPublished };

export interface PublisherSettings {
  /** `logistics-events-dev` */
  readonly busName: string;
  /** By default one with the SDK's own settings: region and credentials from the environment, three attempts a call. */
  readonly client?: Pick<EventBridgeClient, 'send'>;
  /** From 0 to below 1, for the length of a pause. */
  readonly random?: () => number;
  readonly pause?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

export interface Publisher {
  /**
   * Checks all events, and sends none unless all are right; then sends them in calls of up to ten, and refused ones again.
   * @returns EventBridge's ids, in the order of `events`
   * @throws NotPublished with every event that is not known to be on the bus
   */
  publish(events: readonly LogisticsEvent[], options?: { readonly signal?: AbortSignal }): Promise<string[]>;
}

/** Refused entries wait up to 100 ms, then up to 200, 400, 800: anywhere below, so that many publishers spread out. */
const FIRST_PAUSE_MS = 100;

export function createPublisher({
  busName,
  client = new EventBridgeClient(),
  random = Math.random,
  pause = (milliseconds, signal) => sleep(milliseconds, undefined, signal && { signal }),
}: PublisherSettings): Publisher {
  const bus: Bus = {
    busName,
    client,
    pauseAfter: (attempt, signal) => pause(random() * FIRST_PAUSE_MS * 2 ** (attempt - 1), signal),
  };
  return {
    async publish(events, { signal } = {}) {
      const { ids, reasons } = await putEvents(checked(events), bus, signal);
      if (reasons.size > 0) {
        const failures = events.flatMap((event, index) => {
          const reason = reasons.get(index);
          return reason === undefined ? [] : [{ index, event, reasons: [reason] }];
        });
        throw new NotPublished(failures, events.length);
      }
      return [...ids].sort(([a], [b]) => a - b).map(([, id]) => id);
    },
  };
}

/** @throws NotPublished with all events, the wrong ones first, when one of them is not what its contract says */
function checked(events: readonly LogisticsEvent[]): Pending[] {
  const right: Pending[] = [];
  const unsent: Failure[] = [];
  const wrong: Failure[] = [];
  for (const [index, event] of events.entries()) {
    const result = checkEvent(event);
    if ('problems' in result) {
      wrong.push({ index, event, reasons: result.problems });
    } else {
      right.push({ index, checked: result });
      unsent.push({ index, event, reasons: ['not sent: another event is wrong'] });
    }
  }
  if (wrong.length > 0) throw new NotPublished([...wrong, ...unsent], events.length);
  return right;
}
