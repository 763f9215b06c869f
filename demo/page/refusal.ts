/** A request that the page's server does not carry out, with the status to answer. */
export class Refusal extends Error {
  constructor(
    readonly status: 400 | 403 | 404 | 405 | 409 | 413 | 415 | 422,
    message: string,
  ) {
    super(message);
  }
}
