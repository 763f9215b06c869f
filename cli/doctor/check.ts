import type { Target } from '../target';

/** One line of the doctor's. */
export interface Finding {
  /** `look`: something needs attention; `unknown`: it could not be found out. */
  readonly state: 'ok' | 'look' | 'unknown';
  readonly check: string;
  readonly finding: string;
  /** What to type, or do, next. */
  readonly next?: string;
}

/** The stack as it is deployed. */
export interface Stack {
  readonly target: Target;
  readonly outputs: ReadonlyMap<string, string>;
}

export interface Check {
  readonly name: string;
  run(stack: Stack): Promise<readonly Omit<Finding, 'check'>[]>;
}

export const ok = (finding: string) => ({ state: 'ok', finding }) as const;

export const look = (finding: string, next: string) => ({ state: 'look', finding, next }) as const;
