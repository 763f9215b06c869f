import type { ShipmentStalled } from '../../../contracts/status-events';
import type { StalledPorts } from '../../../src/application/report-stalled';
import { leaseOf } from '../../../src/domain/lease';
import type { Message } from '../../../src/domain/messages';
import type { ShipmentRow } from '../../../src/domain/shipment-row';
import { type Call, unharmed } from '../properties/killable';
import { type MarkedRow, marksOf } from './marked-row';

export const DAY_MS = 86_400_000;

interface Row extends MarkedRow {
  readonly row: ShipmentRow;
}

/** The shipments table, the bus and the topic in memory, with the conditions that the adapters write as expressions. */
export class StalledWorld {
  readonly events: ShipmentStalled[] = [];
  readonly messages: Message[] = [];
  clock = Date.UTC(2026, 2, 2, 9);
  private readonly rows = new Map<string, Row>();

  constructor(private readonly afterDays: number) {}

  /** Puts a whole row, as a change of the status does. */
  put(row: ShipmentRow): void {
    this.rows.set(row.shipment_id, { row });
  }

  /** The ports of one run, which may take a minute. */
  ports(requestId = 'request-1', call: Call = unharmed): StalledPorts {
    const lease = leaseOf(this.clock + 60_000, requestId);
    return {
      environment: 'test',
      afterDays: this.afterDays,
      now: () => this.clock,
      hasTime: () => true,
      observer: { count: () => undefined, info: () => undefined, warn: () => undefined },
      unreported: (status, { from, to }) => this.pages(status, from, to),
      notificationStateOf: ({ shipment_id, version }) => {
        const found = () => {
          const row = this.rows.get(shipment_id);
          return row?.row.version === version ? row : undefined;
        };
        return marksOf(found, lease, () => this.clock, call);
      },
      putOnBus: (stalled) => call('putOnBus', () => void this.events.push(stalled)),
      publish: (message) => call('publish', () => void this.messages.push(message)),
    };
  }

  private async *pages(status: string, from: number, to: number) {
    const found = [...this.rows.values()].filter(
      ({ row, notified_at }) => row.status === status && row.timestamp >= from && row.timestamp <= to && !notified_at,
    );
    for (const { row } of found.sort((a, b) => a.row.timestamp - b.row.timestamp)) yield [row];
  }
}
