import type { FunctionKey } from '../contracts/functions';
import type { Stub } from './stub/start';
import type { Baseline, Subject } from './subjects';

/** What is compared, with what, and where. */
export interface Comparison {
  readonly functions: Readonly<Record<FunctionKey, Subject>>;
  readonly baselines: Readonly<Record<Baseline, Subject>>;
  readonly stub: Stub;
  /** The Node that everything measured runs on. */
  readonly node: string;
  /** Samples of each subject. */
  readonly rounds: number;
}
