import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { EventFunctionKey } from '../contracts/functions';
import { ownNode } from '../lib/tools.mjs';
import { type LocalStack, startLocalStack } from '../local/stack';
import type { OnStarted } from '../local/started';
import { type Baseline, buildBaselines, buildFunctions, type Contestant } from './contestants';
import { type Stub, startStub } from './stub/start';

export interface Comparison {
  readonly functions: Readonly<Record<EventFunctionKey, Contestant>>;
  readonly baselines: Readonly<Record<Baseline, Contestant>>;
  readonly stub: Stub;
  /** Path of the Node that runs the contestants. */
  readonly node: string;
  readonly rounds: number;
}

/** One run of the benchmark. Builds what several topics need when the first of them asks for it. */
export class Run {
  /** A Node of the functions' major, as set-up installs it. */
  readonly node = path.resolve(ownNode());
  readonly nodeVersion = execFileSync(this.node, ['--version'], { encoding: 'utf8' }).trim();
  private compared: Promise<Comparison> | undefined;

  /**
   * @param folder for bundles, outside the project, so that they cannot load its node_modules
   * @param rounds samples of each contestant
   */
  constructor(
    readonly folder: string,
    readonly rounds: number,
    readonly onStarted: OnStarted,
  ) {}

  comparison(): Promise<Comparison> {
    this.compared ??= this.compare();
    return this.compared;
  }

  private async compare(): Promise<Comparison> {
    return {
      functions: await buildFunctions(this.folder),
      baselines: await buildBaselines(this.folder),
      stub: await startStub(this.folder, this.onStarted),
      node: this.node,
      rounds: this.rounds,
    };
  }

  /** The stack on an embedded AWS of its own. */
  stack(): Promise<LocalStack> {
    return startLocalStack(0, () => undefined, this.onStarted);
  }
}
