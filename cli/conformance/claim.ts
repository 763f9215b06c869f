import type { Trial } from './trial';

/** `held`: AWS does what the claim says; `differs`: AWS does not; `not tried`: the trial gave no answer. */
export type State = 'held' | 'differs' | 'not tried';

export interface Verdict {
  readonly state: State;
  /** What was observed, or why the claim was not tried. */
  readonly seen: string;
}

/** One sentence about AWS on which this system relies, and its trial on a deployed stack. */
export interface Claim {
  /** Its name in documents and for `--only`. */
  readonly id: string;
  readonly sentence: string;
  /** Decisions (by number) and AWS documents that state it. */
  readonly source: string;
  readonly how: string;
  /** Parameter of the stack that must be `true`. */
  readonly needs?: string;
  /** Tried after all others, because it observes their effects. */
  readonly last?: true;
  /** @throws an error of AWS, which makes the claim `not tried` */
  try(trial: Trial): Promise<Verdict>;
}

export type Claims = Readonly<Record<string, Omit<Claim, 'id'>>>;

export const verdict = (holds: boolean, seen: string): Verdict => ({ state: holds ? 'held' : 'differs', seen });

/** Holds when there are no problems. @param held what was seen then */
export const heldUnless = (problems: readonly string[], held: string): Verdict =>
  verdict(problems.length === 0, problems.join('; ') || held);

export const notTried = (why: string): Verdict => ({ state: 'not tried', seen: why });
