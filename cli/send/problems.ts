import { shellWord } from '../../contracts/shell';
import type { Print } from '../output';

/** A file of a million wrong events needs no million lines to say so. */
const SHOWN = 20;

/** Problems of events, reported as they are found. */
export class Problems {
  count = 0;

  constructor(private readonly print: Print) {}

  /** @param at the event's place, like `tuesday.ndjson:17` */
  report(at: string, problem: string): void {
    this.count += 1;
    if (this.count <= SHOWN) this.print.note(`${shellWord(at)}: ${problem}`);
  }

  sumUp(): void {
    if (this.count > SHOWN) this.print.note(`… and ${this.count - SHOWN} more like these`);
  }
}
