/**
 * Bursts of critical error events around the limit of their minute, each cut off at any call. Each drawn crew, which is a fate for each event,
 * is tried in every schedule.
 */
import { type ErrorEventPorts, handleErrorEvent } from '../../src/application/handle-error-event';
import type { AlertMinute } from '../../src/application/limit-alerts';
import { readEnvelope } from '../../src/domain/envelope';
import { InProgress } from '../../src/domain/failures';
import { leaseOf } from '../../src/domain/lease';
import type { Message } from '../../src/domain/messages';
import { anEnvelope } from '../support/builders/events';
import { type MarkedRow, marksOf } from '../support/builders/marked-row';
import { type Deliver, everyScheduleOf } from '../support/properties/interleavings';
import { type Call, deathsAt, type Fate, Killed, killable, Refused } from '../support/properties/killable';
import { EXHAUSTIVE } from '../support/sample';

/** Number of events of a minute that get their own message. */
const PLACES_A_MINUTE = 1;

const MINUTE_MS = 60_000;

interface MinuteRow {
  admitted: number;
  suppressed: number;
  taken: number;
  summarizer?: string | undefined;
  readonly summaries: Map<string, number>;
}

/** Number of events that a message stands for. */
const standsFor = ({ body }: Message): number => JSON.parse(body).details.suppressed ?? 1;

/** The error table and the alert topic in memory, with the conditions that the adapters write as expressions. */
class AlertWorld {
  readonly rows = new Map<string, MarkedRow>();
  readonly minutes = new Map<number, MinuteRow>();
  /** For each message, how many events it stands for. */
  readonly published: number[] = [];
  clock = Date.UTC(2026, 2, 2, 9);

  /** The row of the minute that contains this time. */
  readonly minute = (at: number): MinuteRow => {
    const key = Math.floor(at / MINUTE_MS);
    const row = this.minutes.get(key) ?? { admitted: 0, suppressed: 0, taken: 0, summaries: new Map() };
    this.minutes.set(key, row);
    return row;
  };

  /** The ports of one invocation, which may run for ten seconds; `call` wraps each of its calls. */
  ports(requestId: string, call: Call): ErrorEventPorts {
    const lease = leaseOf(this.clock + 10_000, requestId);
    const startedAt = this.clock;
    return {
      environment: 'test',
      startedAt,
      observer: { count: () => undefined, info: () => undefined, warn: () => undefined },
      earlierAnnouncement: async () => 'none',
      publish: (message) => call('publish', () => void this.published.push(standsFor(message))),
      notificationStateOf: ({ error_id }) => {
        // The claim creates the row.
        const row = () => {
          const found = this.rows.get(error_id) ?? { firstSeenAt: startedAt };
          this.rows.set(error_id, found);
          return found;
        };
        return marksOf(row, lease, () => this.clock, call);
      },
      alertMinute: ({ error_id }, firstSeenAt) => this.alertMinute(error_id, this.minute(firstSeenAt), call),
    };
  }

  private alertMinute(me: string, row: MinuteRow, call: Call): AlertMinute {
    return {
      admit: () => call('admit', () => row.admitted < PLACES_A_MINUTE && ++row.admitted > 0),
      suppress: () =>
        call('suppress', () => {
          row.suppressed += 1;
          row.summarizer ??= me;
          return { summarizes: row.summarizer === me, summaries: row.summaries.size };
        }),
      takeSummary: () =>
        call('takeSummary', () => {
          if (row.summarizer === me) {
            row.summaries.set(me, row.suppressed - row.taken);
            row.taken = row.suppressed;
            row.summarizer = undefined;
          }
          return row.summaries.get(me);
        }),
    };
  }
}

const UNHARMED: Fate = {};

/** An attempt makes at most five calls: claim, take, admit, suppress and mark (or release). */
const FATES = [UNHARMED, { refused: 'publish' }, ...deathsAt(5)];

/** When a process dies right after one of these calls, the retry repeats the call's effect. */
const REPEATABLE = ['suppress', 'publish'];

interface Burst {
  readonly world: AlertWorld;
  readonly handled: Set<string>;
  maybeCountedTwice: boolean;
}

const envelopeOf = (id: string) =>
  readEnvelope(anEnvelope({ id, source: 'logistics.error', 'detail-type': 'Critical Error' }));

const attempt =
  (burst: Burst, id: string, fate = UNHARMED): Deliver =>
  async (turn) => {
    const { call, effects, isDead } = killable(turn, fate);
    try {
      const error = { error_type: 'down', error_message: 'it is' };
      await handleErrorEvent(envelopeOf(id), error, burst.world.ports(`request-${id}-${burst.world.clock}`, call));
      burst.handled.add(id);
    } catch (error) {
      if (!(error instanceof Killed || error instanceof InProgress || error instanceof Refused)) throw error;
      if (isDead() && REPEATABLE.includes(effects.at(-1) ?? '')) burst.maybeCountedTwice = true;
    }
  };

/** The turn of an attempt that runs alone. */
const alone = () => Promise.resolve();

const notifiedIn = ({ world }: Burst) => world.published.reduce((sum, count) => sum + count, 0);

/** Lambda's two retries of each event that was not handled, each a minute later. */
async function retry(burst: Burst, ids: readonly string[]): Promise<void> {
  for (let retries = 0; retries < 2; retries += 1) {
    burst.world.clock += 60_000;
    for (const id of ids) if (!burst.handled.has(id)) await attempt(burst, id)(alone);
  }
}

async function check(burst: Burst, ids: readonly string[]): Promise<void> {
  await retry(burst, ids);
  // No event is in the dead-letter queue, and each is in a message.
  expect([...burst.handled].sort()).toEqual([...ids]);
  if (burst.maybeCountedTwice) expect(notifiedIn(burst)).toBeGreaterThanOrEqual(ids.length);
  else expect(notifiedIn(burst)).toBe(ids.length);
  for (const { suppressed, taken } of burst.world.minutes.values()) expect(taken).toBe(suppressed);
}

/** A burst whose published events have taken their places. A summarizer has been postponed. */
function burstOf(published: readonly string[], summarizer?: string): Burst {
  const world = new AlertWorld();
  const { minute, rows } = world;
  for (const id of published) rows.set(`external/${id}`, { firstSeenAt: world.clock, notified_at: 'before' });
  world.published.push(...published.map(() => 1));
  if (summarizer) {
    rows.set(`external/${summarizer}`, { firstSeenAt: world.clock });
    Object.assign(minute(world.clock), { admitted: 1, suppressed: 1, summarizer: `external/${summarizer}` });
    world.clock += 1_000;
  }
  return { world, handled: new Set(published), maybeCountedTwice: false };
}

/** Every pair of fates for two events; no fate for three. */
const crewsOf = (size: number): (readonly Fate[])[] =>
  size === 2 ? FATES.flatMap((first) => FATES.map((second) => [first, second])) : [Array(size).fill(UNHARMED)];

const BURSTS: readonly (readonly [
  title: string,
  start: () => Burst,
  ids: readonly string[],
  concurrent: readonly string[],
])[] = [
  ['two first attempts for one place', () => burstOf([]), ['a', 'b'], ['a', 'b']],
  ['a summary and an event that arrives meanwhile', () => burstOf(['a'], 'b'), ['a', 'b', 'c'], ['b', 'c']],
  ['a summary and two events that arrive meanwhile', () => burstOf(['a'], 'b'), ['a', 'b', 'c', 'd'], ['b', 'c', 'd']],
];

describe('the limit of the alert topic', () => {
  // The last burst has one crew, and ten times the schedules of the others.
  it.each(EXHAUSTIVE ? BURSTS : BURSTS.slice(0, 2))(
    'neither loses nor repeats an event in any schedule of %s',
    (_, start, ids, concurrent) =>
      everyScheduleOf(
        'alert limit',
        crewsOf(concurrent.length),
        0.2,
        100,
        (fates) => {
          const burst = start();
          return { world: burst, deliveries: concurrent.map((id, index) => attempt(burst, id, fates[index])) };
        },
        (burst) => check(burst, ids),
      ),
    600_000,
  );

  it('has the summary sent by a last attempt that finds no place', async () => {
    const burst = burstOf([]);
    const diesUncounted = { diesAt: 3, afterEffect: false };

    for (const fate of [{ refused: 'publish' }, diesUncounted, UNHARMED]) {
      await attempt(burst, 'a', fate)(alone);
      burst.world.clock += 60_000;
    }

    expect(burst).toMatchObject({ handled: new Set(['a']), world: { published: [1] } });
  });

  it('sends few summaries and loses no event when every event of a flood fails once or twice', async () => {
    const burst = burstOf([]);
    const ids = Array.from({ length: 50 }, (_, index) => `e-${index}`);
    const diesUncounted = { diesAt: 2, afterEffect: false };

    for (const id of ids) await attempt(burst, id, diesUncounted)(alone);
    burst.world.clock += 60_000;
    for (const [index, id] of ids.entries()) await attempt(burst, id, index % 2 ? UNHARMED : diesUncounted)(alone);
    burst.world.clock += 120_000;
    for (const id of ids) if (!burst.handled.has(id)) await attempt(burst, id)(alone);
    const inTheQueue = ids.filter((id) => !burst.handled.has(id));
    for (const id of inTheQueue) await attempt(burst, id)(alone);

    expect(notifiedIn(burst)).toBe(ids.length);
    // Three summaries at once, one by the event that waited for its last attempt, one by the event that was redriven.
    expect([burst.world.published.length, inTheQueue.length]).toEqual([5, 1]);
  });
});
