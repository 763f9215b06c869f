import os from 'node:os';
import { type LocalStack, startLocalStack } from '../local/stack';
import type { OnStarted } from '../local/started';
import type { Comparison } from './comparison';
import { type Baseline, buildBaselines, buildFunctions, type Contestant } from './contestants';
import { startStub } from './stub/start';
import { findTools } from './tools';
import { CountedFunctions } from './write-units/functions';

/** One run of the benchmark: what several topics need is made for the first of them that asks. */
export class Run {
  readonly tools = findTools();
  private built: Promise<Record<Baseline, Contestant>> | undefined;
  private compared: Promise<Comparison> | undefined;
  private counted: Promise<CountedFunctions> | undefined;

  /**
   * @param folder takes what is built, far from the project's node_modules, as on Lambda
   * @param rounds samples of each contestant
   */
  constructor(
    readonly folder: string,
    private readonly rounds: number,
    private readonly onStarted: OnStarted,
  ) {}

  /** Where a figure was measured. */
  machine(node = this.tools.nodeVersion, rounds = this.rounds): string {
    return `Node ${node}, ${os.availableParallelism()} cores (${os.cpus()[0]?.model})${rounds > 1 ? `, ${rounds} rounds` : ''}`;
  }

  get comparison(): Promise<Comparison> {
    this.compared ??= this.compare();
    return this.compared;
  }

  get baselines(): Promise<Record<Baseline, Contestant>> {
    this.built ??= buildBaselines(this.folder, this.tools.folder);
    return this.built;
  }

  /** The functions deployed on the embedded AWS, and their writes counted. */
  get countedFunctions(): Promise<CountedFunctions> {
    this.counted ??= this.stack().then((stack) => CountedFunctions.start(stack, this.tools.node, this.onStarted));
    return this.counted;
  }

  /** The stack on an embedded AWS of its own. */
  stack(): Promise<LocalStack> {
    return startLocalStack(0, () => undefined, this.onStarted);
  }

  private async compare(): Promise<Comparison> {
    return {
      functions: await buildFunctions(this.folder),
      baselines: await this.baselines,
      stub: await startStub(this.folder, this.onStarted),
      node: this.tools.node,
      rounds: this.rounds,
    };
  }
}
