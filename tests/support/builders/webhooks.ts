/** Webhooks of carrier platforms, in the shape of their documentation and signed as it says. The values are ours. */
import type { CarrierName, WebhookRequest } from '../../../carriers/carriers';
import { signedBy } from '../../../local/carriers';

/** A scan in the platform's own words. */
export interface WrittenScan {
  readonly word: string;
  readonly time: string;
  /** Shippo's `substatus.code`, AfterShip's `subtag`. */
  readonly detail?: string;
  /** AfterShip's `created_at`. */
  readonly heardAt?: string;
}

interface Platform {
  /** @param facts fields of the platform's tracking object, in place of the sample's */
  webhook(trackingNumber: string, scans: readonly WrittenScan[], facts?: object): object;
}

export const PLATFORMS: Readonly<Record<CarrierName, Platform>> = {
  // https://docs.easypost.com/docs/trackers (Tracker), https://www.easypost.com/tracking-webhooks (Event)
  easypost: {
    webhook: (trackingNumber, scans, facts = {}) => ({
      id: 'evt_a1',
      object: 'Event',
      mode: 'production',
      description: 'tracker.updated',
      previous_attributes: { status: 'unknown' },
      pending_urls: [],
      completed_urls: [],
      result: {
        id: 'trk_b2',
        object: 'Tracker',
        tracking_code: trackingNumber,
        status: scans.at(-1)?.word ?? 'unknown',
        carrier: 'UPS',
        signed_by: null,
        weight: 17.6,
        est_delivery_date: null,
        carrier_detail: null,
        public_url: 'https://track.easypost.com/xyz',
        tracking_details: scans.map(({ word, time }) => ({
          object: 'TrackingDetail',
          message: 'as the carrier says it',
          status: word,
          status_detail: 'arrived_at_facility',
          datetime: time,
          source: 'UPS',
          tracking_location: { object: 'TrackingLocation', city: null, state: null, country: null, zip: null },
        })),
        ...facts,
      },
    }),
  },

  // https://docs.goshippo.com/docs/tracking/tracking (Track), https://docs.goshippo.com/docs/tracking/webhooks
  shippo: {
    webhook: (trackingNumber, scans, facts = {}) => {
      const history = scans.map(({ word, time, detail }, index) => ({
        object_id: `o${index}`,
        object_created: '2026-03-09T00:00:00.000Z',
        object_updated: null,
        status: word,
        status_details: 'as the carrier says it',
        status_date: time,
        substatus: detail === undefined ? null : { code: detail, text: 'in words', action_required: false },
        location: { city: 'Lyon', state: '', zip: '69001', country: 'FR' },
      }));
      return {
        event: 'track_updated',
        test: false,
        data: {
          tracking_number: trackingNumber,
          carrier: 'usps',
          servicelevel: { token: 'usps_priority', name: 'Priority Mail' },
          transaction: null,
          address_from: null,
          address_to: null,
          eta: null,
          original_eta: null,
          metadata: 'Order 123',
          messages: [],
          tracking_status: history.at(-1) ?? null,
          tracking_history: history,
          ...facts,
        },
      };
    },
  },

  // https://www.aftership.com/docs/tracking/webhook/webhook-specifications, https://www.aftership.com/docs/tracking/model/checkpoint
  aftership: {
    webhook: (trackingNumber, scans, facts = {}) => ({
      ts: 1_772_442_000,
      event: 'tracking_update',
      event_id: '7c1e7a3e-4d64-4f0c-9d3a-0b8f6f1a2b3c',
      is_tracking_first_tag: false,
      msg: {
        id: 'tracking-1',
        tracking_number: trackingNumber,
        slug: 'fedex',
        active: true,
        tag: scans.at(-1)?.word ?? 'Pending',
        origin_country_region: null,
        destination_country_region: null,
        first_estimated_delivery: null,
        checkpoints: scans.map(({ word, time, detail, heardAt }) => ({
          slug: 'fedex',
          city: null,
          message: 'as the carrier says it',
          tag: word,
          subtag: detail ?? `${word}_001`,
          checkpoint_time: time,
          created_at: heardAt ?? null,
        })),
        ...facts,
      },
    }),
  },
};

/** A request as the platform would make it. */
export function signedRequest(name: CarrierName, webhook: object, secret: string, now: number): WebhookRequest {
  const body = Buffer.from(JSON.stringify(webhook));
  return { headers: signedBy(name, body, secret, now), body };
}
