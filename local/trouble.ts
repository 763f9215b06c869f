/** Something the user can put right: printed as one line, without a stack trace. */
export class Trouble extends Error {
  constructor(
    message: string,
    /** 1, or 2 for a wrong command line. */
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}
