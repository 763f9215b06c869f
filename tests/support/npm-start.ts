import { spawn } from 'node:child_process';
import { UserError } from '../../lib/user-error.mjs';

interface NpmStart {
  /** Its output until it is ready. Rejects with its last lines when it ends before that. */
  readonly printed: Promise<string>;
  stop(): Promise<void>;
}

/** `npm start` as a user runs it. */
export function npmStart(env = process.env): NpmStart {
  const child = spawn(process.execPath, ['tools/run.mjs', 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const printed = new Promise<string>((resolve, reject) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('Stop it with Ctrl-C')) resolve(output);
      });
    }
    exit.then(() => reject(new UserError(`npm start ended: ${output.trim().split('\n').slice(-3).join(' | ')}`)));
  });
  return {
    printed,
    async stop() {
      child.kill('SIGINT');
      await exit;
    },
  };
}
