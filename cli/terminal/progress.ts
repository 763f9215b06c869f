import type { Print } from './output';

const EVERY_MS = 5_000;

export class Progress {
  private last = Date.now();

  constructor(private readonly print: Pick<Print, 'note'>) {}

  report(text: () => string): void {
    if (Date.now() - this.last < EVERY_MS) return;
    this.last = Date.now();
    this.print.note(text());
  }
}
