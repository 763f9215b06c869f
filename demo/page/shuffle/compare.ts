import { isDeepStrictEqual } from 'node:util';
import type { Row } from '../../../local/snapshot';
import type { Delivered } from './deliver';

/** A row without the times at which a function ran. All other attributes must be equal. */
const withoutClock = ({ notified_at, process_result, ...row }: Row): Row => {
  const { processed_at: _, ...result } = (process_result ?? {}) as Row;
  return { ...row, process_result: result, notified: notified_at !== undefined };
};

/** Differences between the rows of two deliveries of the same events, one line each. */
export function differences(a: Delivered, b: Delivered): string[] {
  const ids = new Set([...a.log, ...b.log].map(({ event_id }) => String(event_id)));
  const rows = ({ log }: Delivered, id: string) => log.filter(({ event_id }) => event_id === id).map(withoutClock);
  return [
    ...[...ids].flatMap((id) => (isDeepStrictEqual(rows(a, id), rows(b, id)) ? [] : [`the log rows of ${id} differ`])),
    ...(isDeepStrictEqual(a.current, b.current) ? [] : ['the status rows differ']),
    ...(isDeepStrictEqual([...a.notified].sort(), [...b.notified].sort()) ? [] : ['the notifications differ']),
  ];
}
