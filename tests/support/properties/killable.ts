/** Makes a call of an invocation, by its name: a test may let it wait, be refused, or be the last. */
export type Call = <T>(name: string, effect: () => T | Promise<T>) => Promise<T>;

/** Makes it at once. */
export const unharmed: Call = async (_name, effect) => effect();

/** Death of a process; nothing it calls afterwards has any effect. */
export class Killed extends Error {}

/** A service's refusal. */
export class Refused extends Error {}

/** What becomes of an invocation: by default it comes through. */
export interface Fate {
  /** The call at which its process dies, from 0. */
  readonly diesAt?: number | undefined;
  /** True when that call still has its effect. */
  readonly afterEffect?: boolean | undefined;
  /** Name of the call that is refused. */
  readonly refused?: string;
}

/** Deaths at each of so many calls, before its effect and after it. */
export const deathsAt = (calls: number): readonly Fate[] =>
  Array.from({ length: calls }).flatMap((_, diesAt) => [
    { diesAt, afterEffect: false },
    { diesAt, afterEffect: true },
  ]);

/**
 * The calls of an invocation with a fate, and the names of those that had their effect.
 * @param turn waits for its turn, before each call: between calls nothing happens that another could see
 */
export function killable(turn: () => Promise<void>, { diesAt, afterEffect = false, refused }: Fate) {
  const effects: string[] = [];
  let made = 0;
  let dead = false;
  const call: Call = async (name, effect) => {
    if (dead) throw new Killed();
    await turn();
    dead = made === diesAt;
    made += 1;
    if (dead && !afterEffect) throw new Killed();
    if (name === refused) throw new Refused();
    const answer = await effect();
    effects.push(name);
    if (dead) throw new Killed();
    return answer;
  };
  return { call, effects, isDead: () => dead };
}
