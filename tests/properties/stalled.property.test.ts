/** Stalled shipments are reported once, whenever the runs start, and again only when a run dies. */
import fc from 'fast-check';
import type { ShipmentStalled } from '../../contracts/status-events';
import { STATUSES, statusRule } from '../../contracts/statuses';
import { reportStalled, type StalledPorts } from '../../src/application/report-stalled';
import { leaseOf } from '../../src/domain/lease';
import type { Message } from '../../src/domain/messages';
import type { ShipmentRow } from '../../src/domain/shipment-row';
import { aShipmentEvent } from '../support/builders/events';
import { type MarkedRow, marksOf } from '../support/builders/marked-row';
import { aRow } from '../support/builders/stream-records';
import { type Deliver, everyScheduleOf } from '../support/properties/interleavings';
import { type Call, deathsAt, type Fate, Killed, killable, Refused, unharmed } from '../support/properties/killable';
import { SEED } from '../support/sample';

const DAY_MS = 86_400_000;
const AFTER_DAYS = 3;

interface Row extends MarkedRow {
  readonly row: ShipmentRow;
}

/** The shipments table, the bus and the topic in memory, with the conditions that the adapters write as expressions. */
class StalledWorld {
  readonly events: ShipmentStalled[] = [];
  readonly messages: Message[] = [];
  clock = Date.UTC(2026, 2, 2, 9);
  private readonly rows = new Map<string, Row>();

  /** Puts a whole row, as a change of the status does. */
  put(row: ShipmentRow): void {
    this.rows.set(row.shipment_id, { row });
  }

  /** The ports of one run, which may take a minute. */
  ports(requestId = 'request-1', call: Call = unharmed): StalledPorts {
    const lease = leaseOf(this.clock + 60_000, requestId);
    return {
      environment: 'test',
      afterDays: AFTER_DAYS,
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

const START = Date.UTC(2026, 2, 2);
const THREE_WEEKS_MS = 21 * DAY_MS;

/** An event that changes a shipment's status, and the time until the next one. */
const step = fc.record({ status: fc.constantFrom(...STATUSES), lasts: fc.integer({ min: 1, max: 8 * DAY_MS }) });

/** A shipment's events from some time on, each of which arrives at its own time. */
const shipment = fc.record({
  begins: fc.integer({ min: 0, max: THREE_WEEKS_MS }),
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
});

/** Gaps between runs, often the longest that is allowed. */
const gap = fc.oneof(fc.integer({ min: 1, max: 2 * DAY_MS }), fc.constant(2 * DAY_MS), fc.constant(3_600_000));

it(`reports each stalled status once, by runs up to two days apart (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(shipment, { maxLength: 8 }), fc.array(gap, { maxLength: 40 }), async (drawn, gaps) => {
      const world = new StalledWorld();
      const puts = drawn.flatMap(({ begins, steps }, index) => {
        let at = START + begins;
        return steps.map(({ status, lasts }, place) => {
          const row = aRow(
            aShipmentEvent({ shipment_id: `S-${index}`, event_id: `${index}-${place}`, status, timestamp: at }),
          );
          at += lasts;
          return { row, until: place === steps.length - 1 ? Number.POSITIVE_INFINITY : at };
        });
      });
      const runs = [START];
      for (const pause of gaps) runs.push((runs.at(-1) ?? START) + pause);
      const waiting = [...puts].sort((a, b) => a.row.timestamp - b.row.timestamp);

      for (const run of runs) {
        for (; waiting[0] && waiting[0].row.timestamp <= run; waiting.shift()) world.put(waiting[0].row);
        world.clock = run;
        await reportStalled(world.ports());
      }

      const expected = puts.filter(({ row, until }) => {
        const [found] = runs.filter((run) => run >= row.timestamp + AFTER_DAYS * DAY_MS);
        return !statusRule(row.status).closed && found !== undefined && found < until;
      });
      expect(world.events.map(({ event_id }) => event_id).sort()).toEqual(
        expected.map(({ row }) => row.event_id).sort(),
      );
      expect(world.messages).toHaveLength(world.events.length);
    }),
    { seed: SEED },
  );
});

/** A run that finds one shipment makes four calls: claim, put, publish and mark. */
const FATES: readonly Fate[] = [{}, { refused: 'publish' }, ...deathsAt(4)];

interface Crew {
  readonly world: StalledWorld;
  /** True when a run put its event on the bus and died before the mark. */
  maybeReportedTwice: boolean;
}

const runOf =
  (crew: Crew, request: string, fate: Fate): Deliver =>
  async (turn) => {
    const { call, effects } = killable(turn, fate);
    await reportStalled(crew.world.ports(request, call)).catch((error) => {
      if (!(error instanceof Killed || error instanceof Refused)) throw error;
    });
    if (effects.includes('putOnBus') && !effects.includes('mark')) crew.maybeReportedTwice = true;
  };

it('reports once by concurrent runs, and again only when one of them died between event and mark', () =>
  everyScheduleOf(
    'stalled',
    FATES.flatMap((first) => FATES.map((second) => [first, second])),
    0.3,
    50,
    (fates) => {
      const world = new StalledWorld();
      world.put(aRow(aShipmentEvent({ timestamp: world.clock - AFTER_DAYS * DAY_MS - 1 })));
      const crew: Crew = { world, maybeReportedTwice: false };
      return { world: crew, deliveries: fates.map((fate, index) => runOf(crew, `request-${index}`, fate)) };
    },
    async (crew) => {
      // The next run, an hour later: every lease has expired.
      crew.world.clock += 3_600_000;
      await reportStalled(crew.world.ports('next'));
      const { events, messages } = crew.world;
      const reported = events.length;
      expect(messages.length).toBeGreaterThanOrEqual(1);
      expect(events.length).toBeGreaterThanOrEqual(1);
      if (!crew.maybeReportedTwice) expect([events.length, messages.length]).toEqual([1, 1]);
      await reportStalled(crew.world.ports('after'));
      expect(events).toHaveLength(reported);
    },
  ));
