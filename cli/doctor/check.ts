import type { Stack } from './stack';

/** One line of the doctor's. */
export interface Finding {
  /** `attention`: something needs attention; `unknown`: it could not be found out. */
  readonly state: 'ok' | 'attention' | 'unknown';
  readonly check: string;
  readonly finding: string;
  /** The next command or step. */
  readonly next?: string;
}

export interface Check {
  readonly name: string;
  run(stack: Stack): Promise<readonly Omit<Finding, 'check'>[]>;
}

export const ok = (finding: string) => ({ state: 'ok', finding }) as const;

export const attention = (finding: string, next: string) => ({ state: 'attention', finding, next }) as const;
