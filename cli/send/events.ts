import { Rejected } from '../../src/domain/failures';
import { type CheckedEvent, type CheckOptions, checkedEvent } from './checked-event';
import { documentsOf } from './documents';
import type { Input } from './input';
import type { Problems } from './problems';

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
