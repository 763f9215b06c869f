import type { Target } from '../target/target';

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

interface Finding {
  /** `unknown`: the check could not be made. */
  readonly state: 'ok' | 'attention' | 'unknown';
  readonly finding: string;
  readonly next?: string;
}

export type Findings = readonly Finding[];

export type Check = (stack: Stack) => Promise<Findings>;

export const ok = (finding: string) => ({ state: 'ok', finding }) as const;

export const attention = (finding: string, next: string) => ({ state: 'attention', finding, next }) as const;
