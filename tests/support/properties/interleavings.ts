/** Runs deliveries in every order that their calls can interleave in. */

interface Runner {
  /** Resolves when the delivery wants to make its next call; `release` lets it. */
  waiting: Promise<'call' | 'done'>;
  release(): void;
}

/** A delivery: awaits `turn()` before each call it makes. */
export type Deliver = (turn: () => Promise<void>) => Promise<void>;

/**
 * Explores every interleaving, depth first. `start` makes a fresh world and its deliveries; `check` judges the world when all
 * have ended.
 * @returns how many schedules there were
 */
export async function everyInterleaving<W>(
  start: () => { world: W; deliveries: readonly Deliver[] },
  check: (world: W, schedule: readonly number[]) => Promise<void>,
): Promise<number> {
  let count = 0;
  for (let prefix: number[] | undefined = []; prefix; ) {
    const { world, deliveries } = start();
    const { schedule, choices } = await run(deliveries, prefix);
    await check(world, schedule);
    count += 1;
    prefix = next(schedule, choices);
  }
  return count;
}

/** Follows the prefix, then always lets the first one go that can; remembers who else could have gone. */
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
  let say: (state: 'call' | 'done' | Promise<never>) => void = () => undefined;
  let go: () => void = () => undefined;
  const next = () => new Promise<'call' | 'done'>((resolve) => (say = resolve));
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
      say('call');
    });
  // A delivery that throws an unexpected error ends the exploration.
  deliver(turn).then(
    () => say('done'),
    (error) => say(Promise.reject(error)),
  );
  return runner;
}

/** The next prefix in order: the last place where another could still have gone. */
function next(schedule: readonly number[], choices: readonly number[][]): number[] | undefined {
  for (let place = schedule.length - 1; place >= 0; place -= 1) {
    const other = choices[place]?.find((candidate) => candidate > (schedule[place] ?? 0));
    if (other !== undefined) return [...schedule.slice(0, place), other];
  }
  return undefined;
}
