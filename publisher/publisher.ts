/** Puts events on the bus from another service: typed and checked by the contracts, and never silent about one that did not get there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { type CheckedEvent, checkEvent, type LogisticsEvent } from './events';
import { type Failure, NotPublished } from './not-published';
import { type Answer, putEvents } from './put-events';

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

const ATTEMPTS = 5;

/** Refused entries wait up to 100 ms, then up to 200, 400, 800: anywhere below, so that many publishers spread out. */
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
      const answers = await putEvents(entries, {
        client,
        attempts: ATTEMPTS,
        signal,
        pauseAfter: (attempt) => pause(random() * FIRST_PAUSE_MS * 2 ** (attempt - 1), signal),
      });
      const failures = events.flatMap((event, index) => {
        const reason = reasonOf(answers[index]);
        return reason === undefined ? [] : [{ index, event, reasons: [reason] }];
      });
      if (failures.length > 0) throw new NotPublished(failures, events.length);
      return answers.flatMap((answer) => ('id' in answer ? [answer.id] : []));
    },
  };
}

/** Why an event is not known to be on the bus; undefined when it is. */
function reasonOf(answer: Answer | undefined): string | undefined {
  if (!answer) return 'not sent';
  if ('id' in answer) return undefined;
  return 'refused' in answer ? `refused: ${answer.refused}` : answer.unsent;
}

/** @throws NotPublished with all events, the wrong ones first, when one of them is not what its contract says */
function checked(events: readonly LogisticsEvent[]): CheckedEvent[] {
  const right: CheckedEvent[] = [];
  const unsent: Failure[] = [];
  const wrong: Failure[] = [];
  for (const [index, event] of events.entries()) {
    const result = checkEvent(event);
    if ('problems' in result) {
      wrong.push({ index, event, reasons: result.problems });
    } else {
      right.push(result);
      unsent.push({ index, event, reasons: ['not sent: another event is wrong'] });
    }
  }
  if (wrong.length > 0) throw new NotPublished([...wrong, ...unsent], events.length);
  return right;
}
