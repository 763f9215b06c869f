import type { EventFunctionKey } from '../contracts/functions';
import type { Baseline, Contestant } from './contestants';
import type { Stub } from './stub/start';

/** A comparison: contestants, stub and machine. */
export interface Comparison {
  readonly functions: Readonly<Record<EventFunctionKey, Contestant>>;
  readonly baselines: Readonly<Record<Baseline, Contestant>>;
  readonly stub: Stub;
  /** The Node that everything measured runs on. */
  readonly node: string;
  /** Samples of each contestant. */
  readonly rounds: number;
}
