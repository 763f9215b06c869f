import { UserError } from '../lib/user-error.mjs';
import { type OnStarted, Started } from './started';

/**
 * Runs a command's main function and ends the process with the code it returns. A user error is printed without its stack. Everything that
 * the command has started is stopped first, also after Ctrl-C, a closed terminal or a kill. If that fails, the error is printed and the
 * code is 1.
 * @param interrupted the exit code after a signal
 */
export function runCommand(main: (onStarted: OnStarted) => Promise<number>, interrupted = () => 130): void {
  const started = new Started();
  let ending: Promise<void> | undefined;
  const end = (codeOf: () => number) => {
    ending ??= started.stopAll().then(
      () => process.exit(codeOf()),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
    return ending;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!ending) console.log('\nstopping');
      end(interrupted);
    });
  }
  main(started.add).then(
    (code) => end(() => code),
    (error: unknown) => {
      // While everything is being stopped, failures are expected.
      if (!ending) console.error(error instanceof UserError ? error.message : error);
      return end(() => (error instanceof UserError ? error.exitCode : 1));
    },
  );
}
