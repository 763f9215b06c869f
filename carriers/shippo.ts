/** Shippo: https://docs.goshippo.com/docs/tracking/webhooks, https://docs.goshippo.com/docs/tracking/tracking */

import * as v from 'valibot';
import type { Carrier } from './carrier';
import { eventsOf, NO_EVENTS, type StatusWords } from './history';
import { ifReadable, list, nameOf, object, optionalText, place, read, text, trackingNumber } from './payload';
import { headerOf, invalid, verdictOn } from './signatures';

const EVENT_DEFINITIONS = 'https://docs.goshippo.com/docs/tracking/tracking/#event-definitions';

export const SHIPPO_STATUSES: readonly StatusWords[] = [
  {
    source: EVENT_DEFINITIONS,
    field: 'substatus.code',
    // Substatuses that are more precise than their status, mostly TRANSIT.
    statuses: {
      out_for_delivery: 'out_for_delivery',
      pickup_available: 'available_for_pickup',
      address_issue: 'failed',
      contact_carrier: 'failed',
      delivery_attempted: 'failed',
      location_inaccessible: 'failed',
      notice_left: 'failed',
      package_damaged: 'failed',
      package_held: 'failed',
      reschedule_delivery: 'failed',
    },
  },
  {
    source: EVENT_DEFINITIONS,
    field: 'status',
    statuses: {
      PRE_TRANSIT: 'pending',
      TRANSIT: 'in_transit',
      DELIVERED: 'delivered',
      RETURNED: 'returned',
      FAILURE: 'failed',
      UNKNOWN: null,
    },
  },
];

const webhook = object({ event: text });

const trackUpdated = object({
  data: object({
    tracking_number: trackingNumber,
    carrier: optionalText,
    address_from: place,
    address_to: place,
    eta: optionalText,
    original_eta: optionalText,
    tracking_history: v.optional(list, []),
    tracking_status: v.nullish(v.unknown()),
  }),
});

const trackingStatus = object({
  status: text,
  status_date: text,
  substatus: ifReadable(v.object({ code: optionalText })),
});

export const shippo: Carrier = {
  /** `t=<seconds>,v1=<hex>` and possibly other elements; time, dot and body are signed: https://docs.goshippo.com/docs/tracking/webhooksecurity */
  verify(request, secrets, now) {
    const header = headerOf(request, 'shippo-auth-signature');
    if (header === undefined) return invalid('the header shippo-auth-signature is missing');
    const [, time = ''] = /(?:^|,) *t=(\d+) *(?:,|$)/.exec(header) ?? [];
    const [, hex = ''] = /(?:^|,) *v1=([\da-f]{64}) *(?:,|$)/i.exec(header) ?? [];
    const signature = Buffer.from(hex, 'hex');
    return verdictOn({ parts: [time, '.', request.body], signature, time: Number(time) * 1_000 }, secrets, now);
  },

  toEvents(payload, settings) {
    if (read(webhook, payload).event !== 'track_updated') return NO_EVENTS;
    const { data } = read(trackUpdated, payload);
    const scans = new Map(data.tracking_history.map((scan, index) => [`data.tracking_history[${index}]`, scan]));
    // A history includes the latest scan.
    if (scans.size === 0 && data.tracking_status) scans.set('data.tracking_status', data.tracking_status);
    return eventsOf(
      {
        platform: 'shippo',
        statuses: SHIPPO_STATUSES,
        timeField: 'status_date',
        // Documented as UTC, but some times are local: https://github.com/goshippo/shippo-php-client/issues/29
        trustsUtc: false,
        trackingNumber: data.tracking_number,
        carrier: data.carrier,
        origin: nameOf(data.address_from),
        destination: nameOf(data.address_to),
        estimate: data.original_eta ?? data.eta,
        scans,
        scanOf(value, path) {
          const { status, status_date, substatus } = read(trackingStatus, value, path);
          return { words: [substatus?.code, status], time: status_date };
        },
      },
      settings,
    );
  },
};
