import type { Observer } from '../../../src/application/observer';
import type { RecordPorts } from '../../../src/application/record-shipment-event';
import { leaseOf } from '../../../src/domain/lease';
import type { Message } from '../../../src/domain/messages';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import type { ShipmentRow } from '../../../src/domain/shipment-row';

interface LogRow {
  event: ShipmentEvent;
  lease?: string | undefined;
  notified_at?: string;
  redacted_at?: string;
}

/** The conditions of src/adapters/shipments.ts. */
const replacesAll = (row: ShipmentRow, found: ShipmentRow | undefined) =>
  !found || (found.version < row.version && found.timestamp <= row.timestamp && found.hidden_event === undefined);

const isAsSeen = (seen: ShipmentRow, found: ShipmentRow | undefined) =>
  found?.version === seen.version &&
  found.last_correction === seen.last_correction &&
  found.hidden_event === seen.hidden_event;

/** The tables and the topic in memory, with the conditions that the adapters write as expressions. */
export class World {
  readonly log = new Map<string, LogRow>();
  readonly shipments = new Map<string, ShipmentRow>();
  readonly published: Message[] = [];
  readonly counts: Record<string, number> = {};
  readonly steps: string[] = [];
  clock = Date.UTC(2026, 2, 2, 9);
  /** Names of steps that throw the next time they are reached, before their effect. */
  readonly broken = new Set<string>();

  readonly observer: Observer = {
    count: (metric) => {
      this.counts[metric] = (this.counts[metric] ?? 0) + 1;
    },
    info: () => undefined,
    warn: () => undefined,
  };

  private step(name: string): void {
    this.steps.push(name);
    if (this.broken.delete(name)) throw new Error(`${name} is broken`);
  }

  /** The ports of one invocation, which may run for 15 seconds. */
  ports(requestId = 'request-1'): RecordPorts {
    const lease = leaseOf(this.clock + 15_000, requestId);
    const rowOf = (event: ShipmentEvent) => `${event.event_id}@${event.timestamp}`;
    return {
      environment: 'test',
      lease,
      now: () => this.clock,
      observer: this.observer,
      append: async (event, _result, ownLease) => {
        this.step('append');
        const row = this.log.get(rowOf(event));
        if (row) {
          const { lease: held, notified_at, redacted_at } = row;
          return {
            created: false,
            existing: {
              payload_hash: row.event.payload_hash,
              ...(held && { lease: held }),
              ...(notified_at && { notified_at }),
              ...(redacted_at && { redacted_at }),
            },
          };
        }
        this.log.set(rowOf(event), { event, lease: ownLease });
        return { created: true };
      },
      putStatus: async (row, seen) => {
        this.step('putStatus');
        const found = this.shipments.get(row.shipment_id);
        if (!(seen ? isAsSeen(seen, found) : replacesAll(row, found))) return { put: false, ...(found && { found }) };
        this.shipments.set(row.shipment_id, row);
        return { put: true, ...(found && { replaced: found }) };
      },
      notificationStateOf: (event) => ({
        claim: async () => {
          this.step('claim');
          const row = this.log.get(rowOf(event));
          if (!row) throw new Error('no row to claim');
          if (row.notified_at) return 'notified';
          if (row.lease && row.lease >= String(this.clock) && row.lease !== lease) return 'held';
          row.lease = lease;
          return {};
        },
        release: async () => {
          this.step('release');
          const row = this.log.get(rowOf(event));
          if (row?.lease === lease) row.lease = undefined;
        },
        markNotified: async () => {
          this.step('mark');
          const row = this.log.get(rowOf(event));
          if (row) row.notified_at = new Date(this.clock).toISOString();
        },
      }),
      publish: async (message) => {
        this.step('publish');
        this.published.push(message);
      },
    };
  }
}
