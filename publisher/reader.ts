/** Reads shipments from another service: where they are, how they came there, and which stand still. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inEnvironment } from '../contracts/names';
import { OPEN_STATUSES, type Status } from '../contracts/statuses';
import { allLoggedEventsOf, statusItemOf, statusItemsOf } from './shipment-records';
import { type CurrentStatus, type LoggedEvent, readCurrentStatus } from './shipment-rows';

export type { CurrentStatus, LoggedEvent, Status };
export { OPEN_STATUSES };

export interface ReaderSettings {
  /** The stack's `EnvironmentSuffix`, like `prod`. */
  readonly environment: string;
  /** By default one with the SDK's own settings: region and credentials from the environment. */
  readonly client?: Pick<DynamoDBClient, 'send'>;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export interface TrackedShipment {
  readonly shipment_id: string;
  /** Undefined for the moment in which its first event is handled. */
  readonly current: CurrentStatus | undefined;
  /** By time, as far as the index has them, which follows the log by moments. */
  readonly events: readonly LoggedEvent[];
}

export interface StandingShipment extends CurrentStatus {
  readonly shipment_id: string;
}

export interface ListOptions {
  /** By default each that is not closed. */
  readonly status?: Status;
  /** Only those that are in their status for longer than so many milliseconds. */
  readonly olderThan?: number;
}

/** A row of a later version of the stack, whose status this version does not know, is an error in both. */
export interface Reader {
  /** @returns undefined when no event of the shipment was accepted */
  track(shipmentId: string): Promise<TrackedShipment | undefined>;
  /** Status by status, the oldest first. */
  list(options?: ListOptions): AsyncGenerator<StandingShipment>;
}

export function createReader({ environment, client = new DynamoDBClient(), now = Date.now }: ReaderSettings): Reader {
  const tables = { db: client, name: (resource: string) => inEnvironment(resource, environment) };
  return {
    async track(shipmentId) {
      const [item, events] = await Promise.all([
        statusItemOf(shipmentId, tables),
        // Their order has to be made of all of them.
        allLoggedEventsOf(shipmentId, tables),
      ]);
      const current = item && readCurrentStatus(item);
      return current || events.length > 0 ? { shipment_id: shipmentId, current, events } : undefined;
    },
    async *list({ status, olderThan = Number.NEGATIVE_INFINITY } = {}) {
      for (const each of status ? [status] : OPEN_STATUSES) yield* standingIn(each);

      async function* standingIn(each: Status) {
        for await (const page of statusItemsOf(each, tables)) {
          for (const item of page) {
            const shipment = { shipment_id: item['shipment_id']?.S ?? '', ...readCurrentStatus(item) };
            if (!(now() - shipment.timestamp > olderThan)) return;
            yield shipment;
          }
        }
      }
    },
  };
}
