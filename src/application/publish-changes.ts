import type { StatusChanged } from '../../contracts/status-events';
import { Rejected } from '../domain/failures';
import { NotTaken } from './not-taken';
import type { Observer } from './observer';

/** One change of a row, from the table's stream. */
export interface RowChange {
  /** Its place in the stream: the sequence number. */
  readonly position: string;
  /**
   * The change of the shipment's status; undefined when that stays as it was.
   * @throws when the row cannot be read
   */
  statusChange(): StatusChanged | undefined;
}

export interface ChangePorts<C extends RowChange> {
  /** The most changes for one {@link publish}. */
  readonly maxChanges: number;
  /** @throws NotTaken when the bus did not take all */
  publish(changes: readonly StatusChanged[]): Promise<void>;
  /** Records a change that can never be published. */
  reject(change: C, error: Rejected): Promise<void>;
  readonly observer: Observer;
}

/** The end of a batch: all of it is published, or it is to be tried again from a position on. */
export type Published =
  | { readonly done: true }
  | { readonly done: false; readonly from: string; readonly error: unknown };

/**
 * Publishes the changes of a batch in the stream's order. It stops at the first that the bus does not take, so that Lambda repeats from
 * there: each change is published at least once. A row that cannot be read is recorded and left out: it would hold up all that follow it
 * until the stream forgets them.
 */
export async function publishChanges<C extends RowChange>(
  batch: readonly C[],
  { maxChanges, publish, reject, observer }: ChangePorts<C>,
): Promise<Published> {
  const changes: { position: string; change: StatusChanged }[] = [];
  for (const each of batch) {
    try {
      const change = each.statusChange();
      if (change) changes.push({ position: each.position, change });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      await reject(each, new Rejected(`the shipment's row cannot be published: ${why}`, { cause }));
    }
  }
  let published = 0;
  const reportPublished = () => {
    for (let each = 0; each < published; each += 1) observer.count('changesPublished');
    // The smoke test, and who looks for one change, finds it by its event.
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
