import path from 'node:path';
import type { EventFunctionKey } from '../contracts/functions';
import { ownNode } from '../lib/tools.mjs';
import type { OnStarted } from '../local/started';
import { type Baseline, buildBaselines, buildFunctions, type Contestant } from './contestants';
import { type Stub, startStub } from './stub/start';

export interface Comparison {
  readonly functions: Readonly<Record<EventFunctionKey, Contestant>>;
  readonly baselines: Readonly<Record<Baseline, Contestant>>;
  readonly stub: Stub;
  readonly rounds: number;
}

/** The Node that runs the contestants: of the functions' major, as set-up installs it. */
export const NODE = path.resolve(ownNode());

/**
 * Builds the contestants and starts the stub of AWS.
 * @param folder for bundles, outside the project, so that they cannot load its node_modules
 * @param rounds samples of each contestant
 */
export const startComparison = async (folder: string, rounds: number, onStarted: OnStarted): Promise<Comparison> => ({
  functions: await buildFunctions(folder),
  baselines: await buildBaselines(folder),
  stub: await startStub(folder, onStarted),
  rounds,
});
