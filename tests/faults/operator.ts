import { spawn } from 'node:child_process';
import { localEnvironment } from '../../local/environment';

export interface CommandEnded {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npx logistics …` against an endpoint, as an operator would; `onStarted` is handed a way to kill it. */
export function logistics(
  endpoint: string,
  args: readonly string[],
  onStarted: (kill: () => void) => void = () => undefined,
): Promise<CommandEnded> {
  const child = spawn(process.execPath, ['bin/logistics.mjs', ...args, '--endpoint', endpoint], {
    env: localEnvironment(endpoint),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onStarted(() => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}
