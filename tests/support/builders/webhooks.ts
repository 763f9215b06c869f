/** Webhooks of carrier platforms: those of demo/webhooks with other scans, in the format and with the signature of the platform's documentation. */
import { readFileSync } from 'node:fs';
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
  /** @param facts fields of the platform's tracking object that replace the sample's */
  webhook(trackingNumber: string, scans: readonly WrittenScan[], facts?: object): object;
}

const sampleOf = (name: CarrierName) => JSON.parse(readFileSync(`demo/webhooks/${name}.json`, 'utf8'));

export const PLATFORMS: Readonly<Record<CarrierName, Platform>> = {
  easypost: {
    webhook: (tracking_code, scans, facts) => {
      const { result, ...event } = sampleOf('easypost');
      const [scan] = result.tracking_details;
      const tracking_details = scans.map(({ word, time }) => ({ ...scan, status: word, datetime: time }));
      const status = scans.at(-1)?.word ?? 'unknown';
      const unknown = { est_delivery_date: null, carrier_detail: null };
      const fields = { tracking_code, status, carrier: 'UPS', tracking_details };
      return { ...event, result: { ...result, ...unknown, ...fields, ...facts } };
    },
  },
  shippo: {
    webhook: (tracking_number, scans, facts) => {
      const { data, ...event } = sampleOf('shippo');
      const [scan] = data.tracking_history;
      const tracking_history = scans.map(({ word, time, detail }, index) => ({
        ...scan,
        object_id: `o${index}`,
        status: word,
        status_date: time,
        substatus: detail === undefined ? null : { ...scan.substatus, code: detail },
      }));
      const tracking_status = tracking_history.at(-1) ?? null;
      const unknown = { address_from: null, address_to: null, eta: null, original_eta: null };
      const fields = { tracking_number, carrier: 'usps', tracking_status, tracking_history };
      return { ...event, data: { ...data, ...unknown, ...fields, ...facts } };
    },
  },
  aftership: {
    webhook: (tracking_number, scans, facts) => {
      const { msg, ...event } = sampleOf('aftership');
      const [checkpoint] = msg.checkpoints;
      const checkpoints = scans.map(({ word, time, detail, heardAt }) => ({
        ...checkpoint,
        tag: word,
        subtag: detail ?? `${word}_001`,
        checkpoint_time: time,
        created_at: heardAt ?? null,
      }));
      const { origin_city: _, destination_city: __, ...rest } = msg;
      const unknown = { origin_country_region: null, destination_country_region: null, first_estimated_delivery: null };
      const fields = { tracking_number, slug: 'fedex', tag: scans.at(-1)?.word ?? 'Pending', checkpoints };
      return { ...event, msg: { ...rest, ...unknown, ...fields, ...facts } };
    },
  },
};

export function signedRequest(name: CarrierName, webhook: object, secret: string, now: number): WebhookRequest {
  const body = Buffer.from(JSON.stringify(webhook));
  return { headers: signedBy(name, body, secret, now), body };
}
