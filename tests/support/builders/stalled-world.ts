import type { ShipmentStalled } from '../../../contracts/status-events';
import type { StalledPorts } from '../../../src/application/report-stalled';
import { leaseOf } from '../../../src/domain/lease';
import type { Message } from '../../../src/domain/messages';
import type { ShipmentRow } from '../../../src/domain/shipment-row';

export const DAY_MS = 86_400_000;

interface Row {
  readonly row: ShipmentRow;
  lease?: string | undefined;
  reported?: true;
}

/** Makes one call of a run: a test may let it wait, or have the process die there. */
export type Call = <T>(name: string, effect: () => T) => Promise<T>;

/** The shipments table, the bus and the topic in memory, with the conditions that the adapters write as expressions. */
export class StalledWorld {
  readonly events: ShipmentStalled[] = [];
  readonly messages: Message[] = [];
  readonly counts: Record<string, number> = {};
  readonly warnings: string[] = [];
  clock = Date.UTC(2026, 2, 2, 9);
  private readonly rows = new Map<string, Row>();

  constructor(private readonly afterDays = 3) {}

  /** A change of the status puts the whole row. */
  put(row: ShipmentRow): void {
    this.rows.set(row.shipment_id, { row });
  }

  /** The ports of one run, which may take a minute. */
  ports(requestId = 'request-1', call: Call = async (_name, effect) => effect()): StalledPorts {
    const lease = leaseOf(this.clock + 60_000, requestId);
    return {
      environment: 'test',
      afterDays: this.afterDays,
      now: () => this.clock,
      hasTime: () => true,
      observer: {
        count: (metric) => {
          this.counts[metric] = (this.counts[metric] ?? 0) + 1;
        },
        info: () => undefined,
        warn: (message) => this.warnings.push(message),
      },
      unreported: (status, { from, to }) => this.pages(status, from, to),
      notificationStateOf: ({ shipment_id, version }) => {
        const found = () => {
          const row = this.rows.get(shipment_id);
          return row?.row.version === version ? row : undefined;
        };
        return {
          claim: () =>
            call('claim', () => {
              const row = found();
              if (row?.reported) return 'notified';
              if (!row || (row.lease && row.lease >= String(this.clock) && row.lease !== lease)) return 'held';
              row.lease = lease;
              return {};
            }),
          release: () =>
            call('release', () => {
              const row = found();
              if (row?.lease === lease) row.lease = undefined;
            }),
          markNotified: () =>
            call('mark', () => {
              const row = found();
              if (row) row.reported = true;
            }),
        };
      },
      putOnBus: (stalled) => call('putOnBus', () => void this.events.push(stalled)),
      publish: (message) => call('publish', () => void this.messages.push(message)),
    };
  }

  /** A page for each row. */
  private async *pages(status: string, from: number, to: number) {
    const found = [...this.rows.values()].filter(
      ({ row, reported }) => row.status === status && row.timestamp >= from && row.timestamp <= to && !reported,
    );
    for (const { row } of found.sort((a, b) => a.row.timestamp - b.row.timestamp)) yield [row];
  }
}
