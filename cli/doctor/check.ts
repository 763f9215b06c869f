import type { Target } from '../target/target';

/** A deployed stack. */
export interface Stack {
  readonly target: Target;
  readonly arn: string;
  readonly status: string;
  readonly outputs: ReadonlyMap<string, string>;
  readonly parameters: ReadonlyMap<string, string>;
  /** TableDeletionProtection is on. */
  readonly protectsTables: boolean;
  /** The stack has termination protection. */
  readonly refusesDeletion: boolean;
}

/** One line of the report. */
interface Finding {
  /** `unknown`: the check could not be made. */
  readonly state: 'ok' | 'attention' | 'unknown';
  readonly finding: string;
  /** The next command or step. */
  readonly next?: string;
}

export type Findings = readonly Finding[];

export type Check = (stack: Stack) => Promise<Findings>;

export const ok = (finding: string) => ({ state: 'ok', finding }) as const;

export const attention = (finding: string, next: string) => ({ state: 'attention', finding, next }) as const;
