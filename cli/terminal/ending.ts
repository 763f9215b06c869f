/**
 * Ends a command early on a signal, or when stdout has lost its reader (`| head`). A command that holds messages or is sending events finishes
 * its current step first; any other ends at once.
 */
import type { Print } from './output';

/** Exit codes by signal, as shells define them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

let finishing: AbortController | undefined;

/** Replaces Node's default, which ends the process at any point on a signal or a lost reader. */
export function watchForEnding(): void {
  for (const [signal, exitCode] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      process.exitCode = exitCode;
      // A second signal ends the process at once. Its `exit` listeners run in both cases.
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
  // A closed stderr does not end the command.
  process.stderr.on('error', () => undefined);
}

/** Returns a signal that is aborted when the command must end after its current step. */
export function finishFirst(print: Pick<Print, 'note'>): AbortSignal {
  finishing = new AbortController();
  const { signal } = finishing;
  signal.addEventListener('abort', () => print.note(signal.reason));
  return signal;
}
