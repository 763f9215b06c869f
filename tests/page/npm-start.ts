import { spawn } from 'node:child_process';
import { UserError } from '../../lib/user-error.mjs';

/**
 * `npm start` as a person runs it, up to the line that says where the page is.
 * @throws UserError with its last lines when it ends before that
 */
export function npmStart(): { url: Promise<string>; stop(): Promise<void> } {
  const child = spawn(process.execPath, ['tools/run.mjs', 'start'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = new Promise<string>((resolve, reject) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const [, found] = /^See it at (http:\S+)$/m.exec(output) ?? [];
        if (found) resolve(found);
      });
    }
    ended.then(() => reject(new UserError(`npm start ended: ${output.trim().split('\n').slice(-3).join(' | ')}`)));
  });
  return {
    url,
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}
