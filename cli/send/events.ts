import { shellWord } from '../../contracts/shell';
import { Rejected } from '../../src/domain/failures';
import type { Print } from '../terminal/output';
import { type CheckedEvent, type CheckOptions, checkedEvent } from './checked-event';
import { documentsOf } from './documents';
import type { Input } from './input';

/** Problems to print: a file may have a million invalid events. */
const MAX_PRINTED = 20;

export class Problems {
  count = 0;

  constructor(private readonly print: Print) {}

  /** @param at the event's place, like `tuesday.ndjson:17` */
  report(at: string, problem: string): void {
    this.count += 1;
    if (this.count <= MAX_PRINTED) this.print.note(`${shellWord(at)}: ${problem}`);
  }

  sumUp(): void {
    if (this.count > MAX_PRINTED) this.print.note(`… and ${this.count - MAX_PRINTED} more like these`);
  }
}

export interface LocatedEvent extends CheckedEvent {
  readonly line: number;
  /** `tuesday.ndjson:17` */
  readonly at: string;
}

/** Yields the valid events of an input, and reports the problems of the others. */
export async function* eventsOf(
  { name, open }: Pick<Input, 'name' | 'open'>,
  options: CheckOptions,
  problems: Problems,
): AsyncGenerator<LocatedEvent> {
  for await (const document of documentsOf(open())) {
    const { line } = document;
    const at = `${name}:${line}`;
    if ('problem' in document) {
      problems.report(at, document.problem);
      continue;
    }
    try {
      yield { ...checkedEvent(document.value, options), line, at };
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      problems.report(at, error.message);
    }
  }
}
