/** An hour of a stack, second by second. */
import type { Random } from '../../local/simulation/random';
import { CREATED, type Design, pace } from './design';

const SECONDS = 3_600;

/** One minute in ten brings five times the ordinary: carriers hand over whole lorries. */
const BURST = { every: 600, lasts: 60, factor: 5 };

/** Seconds that Lambda waits before it tries an event again that failed; after the last the event is in the failure queue. */
const RETRIES_AFTER = [60, 120];

export interface Hour {
  /** The longest that an event waited in Lambda's queue, in seconds. */
  readonly longestWait: number;
  /** Share of the events that ended in the failure queue, to be redriven. */
  readonly givenUp: number;
}

/** @param rate events a second on average, bursts included */
export function simulate(rate: number, design: Design, random: Random): Hour {
  const { processor, updater, written } = pace(design);
  const functions = [new Queue(processor, CREATED), new Queue(updater, 1 - CREATED)];
  const ordinary = rate / (1 + ((BURST.factor - 1) * BURST.lasts) / BURST.every);
  // Events to be tried in a second to come, by how often they were tried before.
  const due = Array.from({ length: SECONDS + 400 }, () => RETRIES_AFTER.map(() => 0));
  let [arrived, givenUp] = [0, 0];
  for (let second = 0; second < due.length; second += 1) {
    const bursts = second % BURST.every >= BURST.every - BURST.lasts;
    // Arrivals scatter like those of many producers who do not know of each other.
    const mean = second < SECONDS ? ordinary * (bursts ? BURST.factor : 1) : 0;
    const arrivals = Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
    arrived += arrivals;
    const begun = functions.reduce((sum, queue) => sum + queue.take(arrivals), 0);
    const tries = [begun, ...(due[second] ?? [])];
    const tried = tries.reduce((sum, events) => sum + events, 0);
    const refused = tried > written ? 1 - written / tried : 0;
    for (const [before, events] of tries.entries()) {
      const delay = RETRIES_AFTER[before];
      const later = delay === undefined ? undefined : due[second + delay];
      if (later) later[before] = (later[before] ?? 0) + events * refused;
      else givenUp += events * refused;
    }
  }
  const longestWait = Math.max(...functions.map((queue) => queue.longestWait));
  return { longestWait, givenUp: arrived === 0 ? 0 : givenUp / arrived };
}

/** Lambda's queue before one function. */
class Queue {
  longestWait = 0;
  private waiting = 0;

  constructor(
    private readonly perSecond: number,
    private readonly share: number,
  ) {}

  /** Takes the function's share of a second's arrivals, and answers how many events it begins. */
  take(arrivals: number): number {
    this.waiting += arrivals * this.share;
    const begun = Math.min(this.waiting, this.perSecond);
    this.waiting -= begun;
    this.longestWait = Math.max(this.longestWait, this.waiting / this.perSecond);
    return begun;
  }
}

/** A normal deviate of mean 0 and variance 1, near enough: twelve uniform ones. */
const normal = (random: Random) => Array.from({ length: 12 }, () => random.next()).reduce((sum, one) => sum + one, -6);
