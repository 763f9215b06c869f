/** A problem that the user can fix. It is printed as one line, without a stack trace. */
export class UserError extends Error {
  /**
   * @param {string} message what is wrong and what to do
   * @param {1 | 2} exitCode 2 for a wrong command line
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a command's main function. A UserError is printed as one line and sets its exit code.
 * @param {() => Promise<number | void>} main may resolve to an exit code
 */
export async function runMain(main) {
  try {
    const code = await main();
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    // Not by class: a program that tools/typescript.mjs bundled has its own copy.
    if (error?.exitCode === undefined) throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}
