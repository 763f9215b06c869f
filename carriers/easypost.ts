/** EasyPost: https://docs.easypost.com/docs/trackers, https://docs.easypost.com/guides/webhooks-guide */
import * as v from 'valibot';
import type { Carrier, WebhookRequest } from './carrier';
import { eventsOf, NO_EVENTS, type StatusWords } from './history';
import { ifReadable, list, nameOf, object, optionalText, place, read, text, trackingNumber } from './payload';
import { headerOf, invalid, type Signed, verdictOn } from './signatures';

export const EASYPOST_STATUSES: readonly StatusWords[] = [
  {
    source: 'https://docs.easypost.com/docs/trackers',
    field: 'status',
    statuses: {
      pre_transit: 'pending',
      in_transit: 'in_transit',
      out_for_delivery: 'out_for_delivery',
      available_for_pickup: 'available_for_pickup',
      delivered: 'delivered',
      return_to_sender: 'returned',
      failure: 'failed',
      cancelled: 'cancelled',
      unknown: null,
      error: null,
    },
  },
];

const event = object({ description: text });

const trackerEvent = object({
  result: object({
    tracking_code: trackingNumber,
    carrier: optionalText,
    est_delivery_date: optionalText,
    carrier_detail: ifReadable(v.object({ origin_tracking_location: place, destination_tracking_location: place })),
    tracking_details: list,
  }),
});

const trackingDetail = object({ status: text, datetime: text });

export const easypost: Carrier = {
  verify(request, secrets, now) {
    const signed = signedPartsOf(request);
    // EasyPost's client libraries normalize the secret, too.
    const normalized = secrets.map((secret) => secret.normalize('NFKD'));
    return signed ? verdictOn(signed, normalized, now) : invalid('the header x-hmac-signature is missing');
  },

  toEvents(payload, settings) {
    if (!read(event, payload).description.startsWith('tracker.')) return NO_EVENTS;
    const { result } = read(trackerEvent, payload);
    const { carrier, carrier_detail: detail } = result;
    return eventsOf(
      {
        platform: 'easypost',
        statuses: EASYPOST_STATUSES,
        timeField: 'datetime',
        // "When location information is incomplete, timestamps default to UTC": the carrier's local time, with a Z.
        trustsUtc: false,
        trackingNumber: result.tracking_code,
        carrier,
        origin: nameOf(detail?.origin_tracking_location),
        destination: nameOf(detail?.destination_tracking_location),
        estimate: result.est_delivery_date,
        scans: new Map(result.tracking_details.map((scan, index) => [`result.tracking_details[${index}]`, scan])),
        scanOf(value, path) {
          const { status, datetime } = read(trackingDetail, value, path);
          return { words: [status], time: datetime };
        },
      },
      settings,
    );
  },
};

/**
 * The newer signature covers time, method, path and body, and must match where it exists. The older covers the body. Both are `hmac-sha256-hex=…`.
 * https://support.easypost.com/hc/en-us/articles/39826034964237-Webhook-HMAC-Validation
 */
function signedPartsOf(request: WebhookRequest): Signed | undefined {
  const newer = headerOf(request, 'x-hmac-signature-v2');
  if (newer !== undefined) {
    const timestamp = headerOf(request, 'x-timestamp') ?? '';
    const parts = [timestamp, 'POST', headerOf(request, 'x-path') ?? '', request.body];
    return { parts, signature: fromHex(newer), time: Date.parse(timestamp) };
  }
  const older = headerOf(request, 'x-hmac-signature');
  return older === undefined ? undefined : { parts: [request.body], signature: fromHex(older) };
}

function fromHex(signature: string): Uint8Array {
  const [, hex = ''] = /^(?:hmac-sha256-hex=)?([\da-f]{64})$/i.exec(signature) ?? [];
  return Buffer.from(hex, 'hex');
}
