import type { StatusChanged } from '../../contracts/status-events';
import { Rejected } from '../domain/failures';
import type { Observer } from './observer';

/** The bus refused an event, and perhaps later ones. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';

  constructor(
    /** Place of the first refused event among those that were to be published. */
    readonly index: number,
    message: string,
  ) {
    super(message);
  }
}

/** One change of a row, from the table's stream. */
export interface RowChange {
  /** The sequence number in the stream. */
  readonly position: string;
  /**
   * Returns the change of the shipment's status; undefined when there is none.
   * @throws when the row cannot be read
   */
  statusChange(): StatusChanged | undefined;
}

export interface ChangePorts<C extends RowChange> {
  /** Maximum number of changes for one {@link publish}. */
  readonly maxChanges: number;
  /** @throws NotTaken when the bus refused a change */
  publish(changes: readonly StatusChanged[]): Promise<void>;
  /** Records a change that can never be published. */
  reject(change: C, error: Rejected): Promise<void>;
  readonly observer: Observer;
}

/** Result of a batch: all changes are published, or Lambda has to retry from a position on. */
export type Published =
  | { readonly done: true }
  | { readonly done: false; readonly from: string; readonly error: unknown };

/**
 * Publishes the changes of a batch in the stream's order, each at least once. Stops at the first that the bus refuses, so that Lambda
 * retries from there. A row that cannot be read is recorded and skipped: it would block all later changes until the stream drops them.
 */
export async function publishChanges<C extends RowChange>(
  batch: readonly C[],
  { maxChanges, publish, reject, observer }: ChangePorts<C>,
): Promise<Published> {
  const changes: { position: string; change: StatusChanged }[] = [];
  for (const rowChange of batch) {
    try {
      const change = rowChange.statusChange();
      if (change) changes.push({ position: rowChange.position, change });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      await reject(rowChange, new Rejected(`the shipment's row cannot be published: ${reason}`, { cause }));
    }
  }
  let published = 0;
  const reportPublished = () => {
    for (let index = 0; index < published; index += 1) observer.count('changesPublished');
    // The smoke test and operators find a change by its event.
    const event_ids = changes
      .slice(0, published)
      .map(({ change }) => change.event_id)
      .join(' ');
    observer.info('status changes are on the bus', { records: batch.length, published, event_ids });
  };
  for (let at = 0; at < changes.length; at += maxChanges) {
    const part = changes.slice(at, at + maxChanges);
    try {
      await publish(part.map(({ change }) => change));
    } catch (error) {
      const taken = error instanceof NotTaken ? error.index : 0;
      const first = part[taken];
      if (first === undefined) throw error;
      published += taken;
      reportPublished();
      return { done: false, from: first.position, error };
    }
    published += part.length;
  }
  reportPublished();
  return { done: true };
}
