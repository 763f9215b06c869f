import type { ChildProcess } from 'node:child_process';

/**
 * Sends a message and waits for the reply.
 * @throws Error with the process's stderr when it exits instead
 */
export function ask<T>(child: ChildProcess, message: object): Promise<T> {
  return new Promise((resolve, reject) => {
    let errors = '';
    const onData = (chunk: Buffer) => (errors += chunk.toString());
    const onExit = () => reject(new Error(`a measured process exited: ${errors.trim().slice(-600)}`));
    child.stderr?.on('data', onData);
    child.once('exit', onExit);
    child.once('message', (reply) => {
      child.off('exit', onExit);
      child.stderr?.off('data', onData);
      resolve(reply as T);
    });
    child.send(message);
  });
}
