import { shellWord } from '../../contracts/shell';
import { Rejected } from '../../src/domain/failures';
import type { Print } from '../terminal/output';
import { type CheckedEvent, type CheckOptions, checkedEvent } from './checked-event';
import { documentsOf } from './documents';
import type { Input } from './input';

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

/** An event and where it stands in its input. */
export interface LocatedEvent extends CheckedEvent {
  readonly line: number;
  /** `tuesday.ndjson:17` */
  readonly at: string;
}

/** The right events of an input, as they are read; what is wrong with the others is reported. */
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
