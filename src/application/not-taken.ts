/** The bus did not take an event, nor perhaps later ones. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';

  constructor(
    /** Of the first event that was not taken, among those that were to be published. */
    readonly index: number,
    message: string,
  ) {
    super(message);
  }
}
