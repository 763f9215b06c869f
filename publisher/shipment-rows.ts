import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isStatus, type Status } from '../contracts/statuses';
import { UserError } from '../lib/user-error.mjs';

export type Item = Readonly<Record<string, AttributeValue>>;

/** A shipment's current status and the event that set it. */
export interface CurrentStatus {
  readonly status: Status;
  /** Time of the event, epoch milliseconds. */
  readonly timestamp: number;
  readonly event_id: string;
}

/** An event of the log, without its metadata. */
export interface LoggedEvent extends CurrentStatus {
  readonly shipment_id: string;
  readonly detail_type: string;
  readonly old_status?: string;
  /** When a function handled the event, by the function's clock; ISO 8601. */
  readonly processed_at: string;
  readonly notify?: false;
  readonly notified_at?: string;
  /** Of a correction. */
  readonly reason?: string;
  readonly corrected_by?: string;
  readonly corrects?: string;
  /** The carrier's estimate; ISO 8601. */
  readonly estimated_delivery?: string;
}

const text = (item: Item, name: string) => item[name]?.S ?? '';

/** @throws UserError when a newer version of the functions wrote the row */
export function readCurrentStatus(item: Item): CurrentStatus {
  const status = text(item, 'status');
  if (!isStatus(status))
    throw new UserError(`a row has the status ${JSON.stringify(status)}: its reader is older than the stack`);
  return { status, timestamp: Number(item['timestamp']?.N), event_id: text(item, 'event_id') };
}

/** @throws UserError when a newer version of the functions wrote the row */
export function readLoggedEvent(item: Item): LoggedEvent {
  const result = item['process_result']?.M ?? {};
  return {
    ...readCurrentStatus(item),
    shipment_id: text(item, 'shipment_id'),
    detail_type: text(item, 'detail_type'),
    ...(item['notify']?.BOOL === false && { notify: false }),
    ...(item['reason'] && { reason: text(item, 'reason') }),
    ...(item['corrected_by'] && { corrected_by: text(item, 'corrected_by') }),
    ...(item['corrects'] && { corrects: text(item, 'corrects') }),
    processed_at: text(result, 'processed_at'),
    ...(item['old_status'] && { old_status: text(item, 'old_status') }),
    ...(item['notified_at'] && { notified_at: text(item, 'notified_at') }),
    ...(result['estimated_delivery'] && { estimated_delivery: text(result, 'estimated_delivery') }),
  };
}
