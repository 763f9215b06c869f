/** An hour of a stack, second by second, and as long afterwards as it takes. */
import { RETRIES_AFTER_SECONDS } from '../../local/async-retries';
import type { Random } from '../../local/simulation/random';
import { arrivals } from './arrivals';
import { AsyncQueue, type Cohort } from './async-queue';
import { CREATED, type Design, INVOCATION, written } from './design';

const SECONDS = 3_600;

export interface Hour {
  /** The longest that an event waited in Lambda's queue, in seconds. */
  readonly longestWait: number;
  /** Share of the events that ended in the failure queue, to be redriven. */
  readonly givenUp: number;
}

/** @param rate events a second on average, bursts included */
export function simulate(rate: number, design: Design, random: Random): Hour {
  const { maxAge } = design;
  const functions = [
    { share: CREATED, concurrency: design.processors, duration: INVOCATION.processor },
    { share: 1 - CREATED, concurrency: design.updaters, duration: INVOCATION.updater },
  ].map(({ share, ...limits }) => ({ share, queue: new AsyncQueue({ ...limits, maxAge }), due: new Due() }));
  const limit = written(design);
  let [arrived, givenUp] = [0, 0];
  for (
    let second = 0;
    second < SECONDS || functions.some(({ queue, due }) => !queue.isEmpty || !due.isEmpty);
    second += 1
  ) {
    const events = second < SECONDS ? arrivals(rate, second, random) : 0;
    arrived += events;
    const begun = functions.map(({ share, queue, due }) => {
      queue.add({ arrived: second, queued: second, tries: 0, events: events * share });
      for (const cohort of due.take(second)) queue.add(cohort);
      return queue.begin(second);
    });
    const tried = begun.flat().reduce((sum, cohort) => sum + cohort.events, 0);
    const refused = tried > limit ? 1 - limit / tried : 0;
    if (refused === 0) continue;
    for (const [index, { due }] of functions.entries())
      for (const cohort of begun[index] ?? [])
        givenUp += due.retry({ ...cohort, events: cohort.events * refused }, second);
  }
  const lost = functions.reduce((sum, { queue }) => sum + queue.expired, givenUp);
  return {
    longestWait: Math.max(...functions.map(({ queue }) => queue.longestWait)),
    givenUp: arrived === 0 ? 0 : lost / arrived,
  };
}

/** Events that wait for their next attempt. */
class Due {
  private readonly at = new Map<number, Cohort[]>();

  get isEmpty(): boolean {
    return this.at.size === 0;
  }

  /** Answers how many events have had their last attempt: they are in the failure queue. */
  retry({ tries, ...cohort }: Cohort, second: number): number {
    const delay = RETRIES_AFTER_SECONDS[tries];
    if (delay === undefined) return cohort.events;
    const queued = second + delay;
    this.at.set(queued, [...(this.at.get(queued) ?? []), { ...cohort, queued, tries: tries + 1 }]);
    return 0;
  }

  take(second: number): Cohort[] {
    const cohorts = this.at.get(second) ?? [];
    this.at.delete(second);
    return cohorts;
  }
}
