/** AfterShip: https://www.aftership.com/docs/tracking/webhook/webhook-overview, https://www.aftership.com/docs/tracking/model/checkpoint */
import * as v from 'valibot';
import type { Carrier } from './carrier';
import { eventsOf, NO_EVENTS, type StatusWords } from './history';
import { ifReadable, list, nameOf, object, optionalText, read, text, trackingNumber } from './payload';
import { headerOf, invalid, verdictOn } from './signatures';

export const AFTERSHIP_STATUSES: readonly StatusWords[] = [
  {
    source: 'https://www.aftership.com/docs/tracking/enum/delivery-sub-statuses',
    field: 'subtag',
    // Exceptions that are returns.
    statuses: { Exception_010: 'returned', Exception_011: 'returned' },
  },
  {
    source: 'https://www.aftership.com/docs/tracking/enum/delivery-statuses',
    field: 'tag',
    statuses: {
      Pending: 'pending',
      InfoReceived: 'pending',
      InTransit: 'in_transit',
      OutForDelivery: 'out_for_delivery',
      AvailableForPickup: 'available_for_pickup',
      AttemptFail: 'failed',
      Exception: 'failed',
      Delivered: 'delivered',
      // No news for 30 days.
      Expired: null,
    },
  },
];

const webhook = object({ event: text });

/** Country fields end in `_iso3` before API version 2025, in `_region` since. */
const trackingUpdate = object({
  msg: object({
    tracking_number: trackingNumber,
    slug: optionalText,
    origin_city: optionalText,
    origin_state: optionalText,
    origin_country_iso3: optionalText,
    origin_country_region: optionalText,
    destination_city: optionalText,
    destination_state: optionalText,
    destination_country_iso3: optionalText,
    destination_country_region: optionalText,
    first_estimated_delivery: ifReadable(v.object({ datetime: optionalText })),
    checkpoints: list,
  }),
});

const checkpoint = object({
  tag: text,
  subtag: optionalText,
  checkpoint_time: optionalText,
  created_at: optionalText,
});

export const aftership: Carrier = {
  /** Base64 HMAC of the body, without a timestamp: https://www.aftership.com/docs/tracking/webhook/webhook-signature */
  verify(request, secrets, now) {
    const signature = headerOf(request, 'aftership-hmac-sha256');
    if (signature === undefined) return invalid('the header aftership-hmac-sha256 is missing');
    // Node's decoder ignores invalid characters and padding. This accepts only the canonical base64 of 32 bytes.
    const [base64 = ''] = /^[A-Za-z\d+/]{42}[AEIMQUYcgkosw048]=$/.exec(signature) ?? [];
    return verdictOn({ parts: [request.body], signature: Buffer.from(base64, 'base64') }, secrets, now);
  },

  toEvents(payload, settings) {
    if (read(webhook, payload).event !== 'tracking_update') return NO_EVENTS;
    const { msg } = read(trackingUpdate, payload);
    return eventsOf(
      {
        platform: 'aftership',
        statuses: AFTERSHIP_STATUSES,
        timeField: 'checkpoint_time',
        trustsUtc: true,
        trackingNumber: msg.tracking_number,
        carrier: msg.slug,
        origin: nameOf({
          city: msg.origin_city,
          state: msg.origin_state,
          country: msg.origin_country_region ?? msg.origin_country_iso3,
        }),
        destination: nameOf({
          city: msg.destination_city,
          state: msg.destination_state,
          country: msg.destination_country_region ?? msg.destination_country_iso3,
        }),
        estimate: msg.first_estimated_delivery?.datetime,
        scans: new Map(msg.checkpoints.map((scan, index) => [`msg.checkpoints[${index}]`, scan])),
        scanOf(value, path) {
          const { tag, subtag, checkpoint_time, created_at } = read(checkpoint, value, path);
          // Without a carrier's time, the one at which AfterShip added the checkpoint: it never changes.
          return { words: [subtag, tag], time: checkpoint_time || created_at || '', receivedAt: created_at };
        },
      },
      settings,
    );
  },
};
