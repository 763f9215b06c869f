/** Reader for other services: a shipment's status and events, and the shipments in a status. */
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
  /** Default: a client with the SDK's own settings: region and credentials from the environment. */
  readonly client?: Pick<DynamoDBClient, 'send'>;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export interface TrackedShipment {
  readonly shipment_id: string;
  /** Undefined while its first event is being handled. */
  readonly current: CurrentStatus | undefined;
  /** By time, from an index that may lag the log by moments. */
  readonly events: readonly LoggedEvent[];
}

export interface StandingShipment extends CurrentStatus {
  readonly shipment_id: string;
}

export interface ListOptions {
  /** Default: every open status. */
  readonly status?: Status;
  /** Only shipments that have had their status for longer than this, in milliseconds. */
  readonly olderThan?: number;
}

/** Both methods throw when a row has a status of a later version of the stack, which this version does not know. */
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
        allLoggedEventsOf(shipmentId, tables),
      ]);
      const current = item && readCurrentStatus(item);
      return current || events.length > 0 ? { shipment_id: shipmentId, current, events } : undefined;
    },
    async *list({ status, olderThan = Number.NEGATIVE_INFINITY } = {}) {
      for (const listed of status ? [status] : OPEN_STATUSES) yield* shipmentsIn(listed);

      async function* shipmentsIn(listed: Status) {
        for await (const page of statusItemsOf(listed, tables)) {
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
