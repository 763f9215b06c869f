import type { Trial } from './trial';

/** `held`: AWS does what this system rests on; `differs`: it does not; `not tried`: it could not be found out. */
export type State = 'held' | 'differs' | 'not tried';

/** The outcome of trying one claim. */
export interface Verdict {
  readonly state: State;
  /** Facts that AWS answered; of a claim that was not tried, why not. */
  readonly seen: string;
}

/** One sentence about AWS on which this system rests, and the way to try it on a deployed stack. */
export interface Claim {
  /** Names it in documents, and for `--only`. */
  readonly id: string;
  readonly sentence: string;
  /** Decisions (by number) and texts of AWS that it comes from. */
  readonly source: string;
  /** How it is tried. */
  readonly how: string;
  /** The stack's parameter that must be on. */
  readonly needs?: string;
  /** Tried when all others are done: it looks at what they caused. */
  readonly last?: true;
  /** @throws whatever AWS answers in place of what was asked: the claim counts as not tried then */
  try(trial: Trial): Promise<Verdict>;
}

export type Claims = Readonly<Record<string, Omit<Claim, 'id'>>>;

export const verdict = (holds: boolean, seen: string): Verdict => ({ state: holds ? 'held' : 'differs', seen });

/** @param held what was seen where nothing is wrong */
export const heldUnless = (wrong: readonly string[], held: string): Verdict =>
  verdict(wrong.length === 0, wrong.join('; ') || held);

export const notTried = (why: string): Verdict => ({ state: 'not tried', seen: why });
