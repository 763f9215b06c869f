/** Something the user can put right: printed as one line, without a stack trace. */
export class Trouble extends Error {
  /** @param {string} message what is wrong and what to do  @param {number} exitCode 1, or 2 for a wrong command line */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a command's main function; trouble ends the process with its line and code, Ctrl-C with 130. */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}
