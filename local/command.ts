import { Trouble } from './trouble';

/** Takes how to stop something that was started. */
export type OnStarted = (stop: () => Promise<void>) => void;

/**
 * Runs a command's main function and ends the process with the code it answers; trouble is told in its own words. What the command
 * has started is stopped first, whichever way it ends: Ctrl-C, a closed terminal and a kill included, however often they come.
 * @param interrupted the exit code after a signal
 */
export function runCommand(main: (onStarted: OnStarted) => Promise<number>, interrupted = () => 130): void {
  const stops: (() => Promise<void>)[] = [];
  let ending: Promise<void> | undefined;
  // The last first, and what is started meanwhile too.
  const stopAll = async () => {
    for (let stop = stops.pop(); stop; stop = stops.pop()) await stop();
  };
  const end = (codeOf: () => number) => {
    ending ??= stopAll().finally(() => process.exit(codeOf()));
    return ending;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!ending) console.log('\nstopping');
      end(interrupted);
    });
  }
  main((stop) => stops.push(stop)).then(
    (code) => end(() => code),
    (error: unknown) => {
      // What fails because it is being stopped is no news.
      if (!ending) console.error(error instanceof Trouble ? error.message : error);
      return end(() => (error instanceof Trouble ? error.exitCode : 1));
    },
  );
}
