/** Makes a named call of an invocation. A test may delay it, refuse it, or end the process there. */
export type Call = <T>(name: string, effect: () => T | Promise<T>) => Promise<T>;

/** Makes every call at once, without a fault. */
export const unharmed: Call = async (_name, effect) => effect();

/** Death of a process, whose later calls have no effect. */
export class Killed extends Error {}

export class Refused extends Error {}

/** Fault of an invocation; without any it completes. */
export interface Fate {
  /** The number of the call at which its process dies, from 0. */
  readonly diesAt?: number | undefined;
  /** True when that call still has its effect. */
  readonly afterEffect?: boolean | undefined;
  /** Name of the call that is refused. */
  readonly refused?: string;
}

/** Deaths at each of this many calls, before and after its effect. */
export const deathsAt = (calls: number): readonly Fate[] =>
  Array.from({ length: calls }).flatMap((_, diesAt) => [
    { diesAt, afterEffect: false },
    { diesAt, afterEffect: true },
  ]);

/**
 * The calls of an invocation with a fate, and the names of those that had their effect.
 * @param turn is awaited before each call
 */
export function killable(turn: () => Promise<void>, { diesAt, afterEffect = false, refused }: Fate) {
  const effects: string[] = [];
  let callCount = 0;
  let dead = false;
  const call: Call = async (name, effect) => {
    if (dead) throw new Killed();
    await turn();
    dead = callCount === diesAt;
    callCount += 1;
    if (dead && !afterEffect) throw new Killed();
    if (name === refused) throw new Refused();
    const answer = await effect();
    effects.push(name);
    if (dead) throw new Killed();
    return answer;
  };
  return { call, effects, isDead: () => dead };
}
