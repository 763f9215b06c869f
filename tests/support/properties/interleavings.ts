/** Runs deliveries in every possible interleaving of their calls. */
import { sampled } from '../sample';

interface Runner {
  /** Resolves when the delivery waits to make its next call, which `release` allows. */
  waiting: Promise<'call' | 'done'>;
  release(): void;
}

/** A delivery, which awaits `turn()` before each of its calls. */
export type Deliver = (turn: () => Promise<void>) => Promise<void>;

/**
 * Explores every interleaving, depth first. `start` creates a fresh world and its deliveries; `check` checks the world after all of them.
 * @returns the number of schedules
 */
async function everyInterleaving<W>(
  start: () => { world: W; deliveries: readonly Deliver[] },
  check: (world: W) => Promise<void>,
): Promise<number> {
  let count = 0;
  for (let prefix: number[] | undefined = []; prefix; ) {
    const { world, deliveries } = start();
    const { schedule, choices } = await run(deliveries, prefix);
    await check(world);
    count += 1;
    prefix = next(schedule, choices);
  }
  return count;
}

/** Explores every interleaving of a share of the cases, prints the number of schedules, and expects more than this many. */
export async function everyScheduleOf<C, W>(
  name: string,
  cases: readonly C[],
  share: number,
  moreThan: number,
  start: (drawn: C) => { world: W; deliveries: readonly Deliver[] },
  check: (world: W) => Promise<void>,
): Promise<void> {
  let schedules = 0;
  for (const drawn of sampled(cases, share)) schedules += await everyInterleaving(() => start(drawn), check);
  process.stdout.write(`${name}: ${schedules} schedules held\n`);
  expect(schedules).toBeGreaterThan(moreThan);
}

/** Follows the prefix, then always releases the first waiting delivery. `choices` are those that waited at each step. */
async function run(deliveries: readonly Deliver[], prefix: readonly number[]) {
  const runners = deliveries.map(start);
  const schedule: number[] = [];
  const choices: number[][] = [];
  for (;;) {
    const states = await Promise.all(runners.map(({ waiting }) => waiting));
    const ready = states.flatMap((state, index) => (state === 'call' ? [index] : []));
    const chosen = prefix[schedule.length] ?? ready[0];
    if (chosen === undefined) return { schedule, choices };
    schedule.push(chosen);
    choices.push(ready);
    runners[chosen]?.release();
  }
}

function start(deliver: Deliver): Runner {
  let report: (state: 'call' | 'done' | Promise<never>) => void = () => undefined;
  let go: () => void = () => undefined;
  const next = () => new Promise<'call' | 'done'>((resolve) => (report = resolve));
  const runner: Runner = {
    waiting: next(),
    release() {
      runner.waiting = next();
      go();
    },
  };
  const turn = () =>
    new Promise<void>((resolve) => {
      go = resolve;
      report('call');
    });
  // A delivery that throws an unexpected error ends the exploration.
  deliver(turn).then(
    () => report('done'),
    (error) => report(Promise.reject(error)),
  );
  return runner;
}

/** The next prefix: takes another choice at the last step that has one left. */
function next(schedule: readonly number[], choices: readonly number[][]): number[] | undefined {
  for (let place = schedule.length - 1; place >= 0; place -= 1) {
    const later = choices[place]?.find((candidate) => candidate > (schedule[place] ?? 0));
    if (later !== undefined) return [...schedule.slice(0, place), later];
  }
  return undefined;
}
