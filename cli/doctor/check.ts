import type { Target } from '../target/target';

/** The stack as it is deployed. */
export interface Stack {
  readonly target: Target;
  readonly arn: string;
  readonly status: string;
  readonly outputs: ReadonlyMap<string, string>;
  readonly parameters: ReadonlyMap<string, string>;
  /** The parameter that protects tables and keys is on. */
  readonly protectsTables: boolean;
  /** CloudFormation's own protection of the stack is on. */
  readonly refusesDeletion: boolean;
}

/** One line of the doctor's. */
interface Finding {
  /** `attention`: something needs attention; `unknown`: it could not be found out. */
  readonly state: 'ok' | 'attention' | 'unknown';
  readonly finding: string;
  /** The next command or step. */
  readonly next?: string;
}

export type Findings = readonly Finding[];

export type Check = (stack: Stack) => Promise<Findings>;

export const ok = (finding: string) => ({ state: 'ok', finding }) as const;

export const attention = (finding: string, next: string) => ({ state: 'attention', finding, next }) as const;
