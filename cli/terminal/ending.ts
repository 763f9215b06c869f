/**
 * How a command ends before its work is done: by a signal, or because stdout has lost its reader (`| head`). One that holds messages or has
 * events under way asks to finish first, or to give back what it holds; any other ends at once.
 */
import type { Print } from './output';

/** By signal, as shells have the exit codes of what they end. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

let finishing: AbortController | undefined;

/** Replaces what Node does by itself: a signal or a lost reader would end the process wherever it stands. */
export function watchForEnding(): void {
  for (const [signal, exitCode] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      process.exitCode = exitCode;
      // A second signal does not wait. What cleans up at the exit runs either way.
      if (!finishing || finishing.signal.aborted) process.exit();
      finishing.abort(`${signal}: ending after the step under way, once more ends at once`);
    });
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      console.error(`stdout cannot be written: ${error.message}`);
      process.exitCode ||= 1;
    }
    if (!finishing) process.exit();
    finishing.abort('stdout has no reader: ending after the step under way');
  });
  // A note that has no reader is no reason to end.
  process.stderr.on('error', () => undefined);
}

/** A signal that is aborted when the command is to end after the step under way. */
export function finishFirst(print: Pick<Print, 'note'>): AbortSignal {
  finishing = new AbortController();
  const { signal } = finishing;
  signal.addEventListener('abort', () => print.note(signal.reason));
  return signal;
}
