import { spawn } from 'node:child_process';
import path from 'node:path';
import { localEnvironment } from '../local/environment';

export interface CommandEnded {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const BIN = path.resolve('bin/logistics.mjs');

/** Runs `npx logistics …` against an endpoint, as an operator would; `onStarted` is handed a way to kill it. */
export function logistics(
  endpoint: string,
  args: readonly string[],
  onStarted: (kill: () => void) => void = () => undefined,
): Promise<CommandEnded> {
  return ended(process.execPath, [BIN, ...args, '--endpoint', endpoint], { endpoint, onStarted });
}

/** Types a line into a shell that has the endpoint exported, and in which `npx logistics` is this checkout's. */
export function typed(endpoint: string, line: string, cwd = process.cwd()): Promise<CommandEnded> {
  const npx = `npx() { shift; "${process.execPath}" "${BIN}" "$@"; }`;
  return ended('sh', ['-c', `${npx}\n${line}`], { endpoint, cwd });
}

interface Surroundings {
  readonly endpoint: string;
  readonly cwd?: string;
  readonly onStarted?: (kill: () => void) => void;
}

function ended(command: string, args: readonly string[], { endpoint, cwd, onStarted }: Surroundings) {
  const child = spawn(command, args, {
    ...(cwd && { cwd }),
    env: localEnvironment(endpoint),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onStarted?.(() => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise<CommandEnded>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}
