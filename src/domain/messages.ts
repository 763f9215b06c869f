import {
  CRITICAL_ERROR_TYPE,
  contract as criticalError,
} from '../../contracts/events/notification-handler/critical-error';
import { MAX_NESTING } from '../../contracts/limits';
import type {
  CorrectionNotification,
  ErrorNotification,
  ShipmentNotification,
  StalledNotification,
} from '../../contracts/notifications';
import { shellWord, withInertIds } from '../../contracts/shell';
import { isCorrection } from '../../contracts/shipment-events';
import type { ShipmentStalled } from '../../contracts/status-events';
import type { Status } from '../../contracts/statuses';
import type { Envelope } from './envelope';
import { cutText, describeJson, isDeeperThan, isObject, type Json } from './json';
import type { ShipmentEvent } from './shipment-event';

/** A message for SNS, within its limits. */
export interface Message {
  readonly subject: string;
  readonly body: string;
  /** String attributes for filter policies. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** SNS's API reference asks for less than 100 ASCII characters, without line breaks or control characters. */
const MAX_SUBJECT = 99;

/** SNS accepts 262,144 bytes with the attributes; this leaves room for them. */
const MAX_BODY_BYTES = 256_000;

/** Turns any text into a valid SNS subject: other characters become `?`, and a longer text ends in an ellipsis. */
export function snsSubject(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]+/g, '?').trim();
  return printable.length <= MAX_SUBJECT ? printable : `${printable.slice(0, MAX_SUBJECT - 3)}...`;
}

/**
 * JSON of a message. Ids in it are inert in a shell, since mails show it. The `bulky` field, of unknown size, is indented when it is small
 * and flat enough; otherwise it becomes a string of its JSON, cut to what SNS accepts: indenting thousands of levels would take more memory
 * than a function has.
 */
function bodyOf(fields: Readonly<Record<string, Json>>, bulky: string): string {
  const withBulk = (bulk: Json) => withInertIds(JSON.stringify({ ...fields, [bulky]: bulk }, null, 2));
  const bulk = fields[bulky] ?? null;
  const json = withInertIds(describeJson(bulk));
  if (!isDeeperThan(bulk, MAX_NESTING) && Buffer.byteLength(json) <= MAX_BODY_BYTES) {
    const whole = withBulk(bulk);
    if (Buffer.byteLength(whole) <= MAX_BODY_BYTES) return whole;
  }
  const rest = withBulk('');
  // Each character may take up to six bytes in a JSON string: halve until it fits.
  for (let room = MAX_BODY_BYTES - Buffer.byteLength(rest); room > 64; room = Math.floor(room / 2)) {
    const cut = withBulk(cutText(json, room));
    if (Buffer.byteLength(cut) <= MAX_BODY_BYTES) return cut;
  }
  return cutText(rest, MAX_BODY_BYTES);
}

/** @param now the shipment's status on record, and whether it comes from an event other than this one */
export function shipmentMessage(
  event: ShipmentEvent,
  environment: string,
  now: { readonly current: Status; readonly superseded: boolean },
): Message {
  const { shipment_id, status, event_id, timestamp, metadata, reason = '', corrected_by, corrects } = event;
  const { superseded } = now;
  const occurred_at = new Date(timestamp).toISOString();
  const fields = { shipment_id, status, event_id, occurred_at, environment, superseded, metadata };
  const attributes = { status, shipment_id, superseded: String(superseded) };
  if (!isCorrection(event)) {
    return {
      subject: snsSubject(`Shipment ${shellWord(shipment_id)}: ${status}`),
      body: bodyOf(fields satisfies ShipmentNotification, 'metadata'),
      attributes,
    };
  }
  const correction = {
    current_status: now.current,
    reason,
    ...(corrected_by && { corrected_by }),
    ...(corrects && { corrects }),
  };
  return {
    subject: snsSubject(`Shipment ${shellWord(shipment_id)} corrected: ${status}`),
    body: bodyOf({ ...correction, ...fields } satisfies CorrectionNotification, 'metadata'),
    attributes: { ...attributes, correction: 'true' },
  };
}

/** A message about an open shipment without a newer event for some days. */
export function stalledMessage(stalled: ShipmentStalled, environment: string): Message {
  const { shipment_id, status } = stalled;
  return {
    subject: snsSubject(`Shipment ${shellWord(shipment_id)} stalled: ${status}`),
    body: withInertIds(JSON.stringify({ ...stalled, environment } satisfies StalledNotification, null, 2)),
    attributes: { shipment_id, stalled: 'true' },
  };
}

/** True when an error event is critical by its detail-type or its `error_type`. */
export const isCritical = (detailType: string, errorType: string) =>
  detailType === criticalError.detailType || errorType === CRITICAL_ERROR_TYPE;

export function errorMessage(
  envelope: Pick<Envelope, 'time' | 'detailType' | 'detail'>,
  error: { error_message: string },
  critical: boolean,
  environment: string,
): Message {
  const { detailType } = envelope;
  return {
    subject: snsSubject(`${critical ? 'CRITICAL' : 'INFO'}: ${detailType}`),
    body: bodyOf(
      {
        timestamp: new Date(envelope.time).toISOString(),
        environment,
        detail_type: detailType,
        error_message: cutText(error.error_message, 10_000),
        details: isObject(envelope.detail) ? envelope.detail : {},
      } satisfies ErrorNotification,
      'details',
    ),
    attributes: {},
  };
}

/**
 * One message about the error events of a minute that exceeded the limit of the alert topic.
 * @param firstSeenAt epoch milliseconds, in that minute
 */
export function alertSummary(detailType: string, count: number, firstSeenAt: number, environment: string): Message {
  const timestamp = new Date(firstSeenAt).toISOString();
  return {
    subject: snsSubject(`CRITICAL: and ${count} more`),
    body: bodyOf(
      {
        timestamp,
        environment,
        detail_type: detailType,
        error_message: `and ${count} more critical error events since ${timestamp}, which are in the error table`,
        details: { suppressed: count },
      } satisfies ErrorNotification,
      'details',
    ),
    attributes: {},
  };
}
