import type { Observer } from '../../../src/application/observer';
import type { RecordPorts } from '../../../src/application/record-shipment-event';
import { leaseOf } from '../../../src/domain/lease';
import type { Message } from '../../../src/domain/messages';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import type { ShipmentRow } from '../../../src/domain/shipment-row';
import { type Call, unharmed } from '../properties/killable';
import { type MarkedRow, marksOf } from './marked-row';

interface LogRow extends MarkedRow {
  event: ShipmentEvent;
  redacted_at?: string;
}

/** The first condition of src/adapters/shipments.ts: the row replaces any that was found. */
const replacesAll = (row: ShipmentRow, found: ShipmentRow | undefined) =>
  !found || (found.version < row.version && found.timestamp <= row.timestamp && found.hidden_event === undefined);

/** The second condition of src/adapters/shipments.ts: the row is still the one that was read. */
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
  /** Names of steps that throw the next time, before their effect. */
  readonly broken = new Set<string>();

  readonly observer: Observer = {
    count: (metric) => {
      this.counts[metric] = (this.counts[metric] ?? 0) + 1;
    },
    info: () => undefined,
    warn: () => undefined,
  };

  /** The ports of one invocation, which may run for 15 seconds; `call` wraps each of its calls. */
  ports(requestId = 'request-1', call: Call = unharmed): RecordPorts {
    const lease = leaseOf(this.clock + 15_000, requestId);
    const now = () => this.clock;
    const step: Call = (name, effect) =>
      call(name, () => {
        this.steps.push(name);
        if (this.broken.delete(name)) throw new Error(`${name} is broken`);
        return effect();
      });
    const keyOf = ({ event_id, timestamp }: ShipmentEvent) => `${event_id}@${timestamp}`;
    return {
      environment: 'test',
      lease,
      now,
      observer: this.observer,
      append: (event, _result, ownLease) =>
        step('append', () => {
          const row = this.log.get(keyOf(event));
          if (!row) {
            this.log.set(keyOf(event), { event, lease: ownLease });
            return { created: true };
          }
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
        }),
      putStatus: (row, seen) =>
        step('putStatus', () => {
          const found = this.shipments.get(row.shipment_id);
          if (!(seen ? isAsSeen(seen, found) : replacesAll(row, found))) return { put: false, ...(found && { found }) };
          this.shipments.set(row.shipment_id, row);
          return { put: true, ...(found && { replaced: found }) };
        }),
      notificationStateOf: (event) => marksOf(() => this.log.get(keyOf(event)), lease, now, step),
      publish: (message) => step('publish', () => void this.published.push(message)),
    };
  }
}
