/** Events of a shipment's history as a platform tells it, from scan to scan, again in each webhook. */
import { createHash } from 'node:crypto';
import { MAX_ESTIMATED_DAYS } from '../contracts/fields';
import { EARLIEST_OCCURRENCE, MAX_MINUTES_AHEAD } from '../contracts/limits';
import type { Status } from '../contracts/statuses';
import {
  type CarrierEvent,
  type CarrierEvents,
  type CarrierMetadata,
  type ReadSettings,
  type UnknownStatus,
  type UnreadableScan,
  UnreadableWebhook,
} from './carrier';
import { instantOf, type Zone, zoneOf } from './times';

/** Status words of a platform. */
export interface StatusWords {
  /** The page that defines them. */
  readonly source: string;
  /** Field that holds the word. */
  readonly field: string;
  /** null: the word says nothing about the parcel, and there is no event. */
  readonly statuses: Readonly<Record<string, Status | null>>;
}

/** One line of a history. */
export interface Scan {
  /** The platform's words for it, of the tables of its `statuses` and in their order. */
  readonly words: readonly (string | undefined)[];
  /** As the platform wrote it. */
  readonly time: string;
  /** When the platform heard of it, with a true offset, where it says so and keeps to it. */
  readonly heardAt?: string | undefined;
}

export interface History {
  readonly platform: string;
  /** Of the tables, the first that has the word decides. The last one must: else the word is unknown. */
  readonly statuses: readonly StatusWords[];
  /** Name of the field that holds a scan's time. */
  readonly timeField: string;
  /** false: the platform puts `Z` on local times, too. */
  readonly trustsUtc: boolean;
  readonly trackingNumber: string;
  readonly carrier: string | undefined;
  readonly origin: string;
  readonly destination: string;
  /** When the parcel is expected, as the platform wrote it. */
  readonly estimate: string | undefined;
  /** Values of the payload by their paths. */
  readonly scans: ReadonlyMap<string, unknown>;
  /** @throws UnreadableWebhook */
  scanOf(value: unknown, path: string): Scan;
}

export const NOTHING: CarrierEvents = { events: [], unknownStatuses: [], unreadable: [] };

interface Dated {
  readonly status: Status;
  /** Epoch milliseconds. */
  readonly instant: number;
}

/**
 * Makes an event of each scan. What it holds is the scan's own, so that every webhook that repeats the scan makes the same event.
 * @throws UnreadableWebhook when no scan can be read
 * @throws RangeError when `timeZone` is not a zone
 */
export function eventsOf(history: History, { timeZone, now }: ReadSettings): CarrierEvents {
  const zone = zoneOf(timeZone);
  const { trackingNumber } = history;
  const dated: Dated[] = [];
  /** Each word once. */
  const unknown = new Map<string, UnknownStatus>();
  const unreadable: UnreadableScan[] = [];
  let first: UnreadableWebhook | undefined;
  for (const [path, value] of history.scans) {
    try {
      const scan = history.scanOf(value, path);
      const known = statusOf(scan, history.statuses);
      if ('word' in known) {
        const word = printable(known.word);
        unknown.set(word, unknown.get(word) ?? { word, trackingNumber, field: `${path}.${known.field}` });
      } else if (known.status) {
        const instant = timeOf(scan, history, zone, `${path}.${history.timeField}`, now);
        dated.push({ status: known.status, instant });
      }
    } catch (error) {
      if (!(error instanceof UnreadableWebhook)) throw error;
      first ??= error;
      unreadable.push({ trackingNumber, field: error.field, problem: error.problem });
    }
  }
  if (first && dated.length === 0 && unknown.size === 0) throw first;
  return { events: withoutRepeats(dated, history, zone), unknownStatuses: [...unknown.values()], unreadable };
}

function statusOf({ words }: Scan, tables: readonly StatusWords[]) {
  for (const [index, { statuses }] of tables.entries()) {
    const word = words[index];
    if (word !== undefined && Object.hasOwn(statuses, word)) return { status: statuses[word] };
  }
  return { word: words.at(-1) ?? '', field: tables.at(-1)?.field ?? '' };
}

const printable = (word: string) => word.slice(0, 64).replace(/[^ -~]/g, '?');

/** @throws UnreadableWebhook when the time cannot be placed, or the functions would refuse it */
function timeOf({ time, heardAt }: Scan, { trustsUtc }: History, zone: Zone, field: string, now: number): number {
  let instant = instantOf(time, zone, trustsUtc);
  const heard = heardAt === undefined ? undefined : instantOf(heardAt, zone, true);
  // The platform cannot have heard of a scan before it happened: its offset is not true. By the platform's clock and not by ours, so that the
  // scan has this time in each webhook.
  if (instant !== undefined && heard !== undefined && instant > heard + MAX_MINUTES_AHEAD * 60_000)
    instant = instantOf(time, zone, false);
  if (instant === undefined)
    throw new UnreadableWebhook(field, 'is not a date and time that exists, like 2026-03-01T09:30:00+01:00');
  if (instant < EARLIEST_OCCURRENCE) throw new UnreadableWebhook(field, 'is before the year 2000');
  if (instant > now + MAX_MINUTES_AHEAD * 60_000)
    throw new UnreadableWebhook(
      field,
      `is more than ${MAX_MINUTES_AHEAD} minutes in the future: configure the time zone of the carrier`,
    );
  return instant;
}

/**
 * What a platform says of the whole shipment may change from webhook to webhook, and a repeated event must not. So it goes with one event alone, the
 * first in transit, whose identity covers it: what changed is one more event of that time and status, which moves and notifies nothing.
 */
function withoutRepeats(dated: readonly Dated[], history: History, zone: Zone): CarrierEvent[] {
  const start = dated.filter(({ status }) => status === 'in_transit').sort((a, b) => a.instant - b.instant)[0];
  const events = dated.map(({ status, instant }): CarrierEvent => {
    const { platform, trackingNumber } = history;
    const carrier = shown(history.carrier);
    const base = `${platform}-${digest([trackingNumber, carrier, instant, status], 22)}`;
    const facts = status === start?.status && instant === start.instant ? factsOf(history, instant, zone) : {};
    return {
      detailType: 'Shipment Status Updated',
      detail: {
        shipment_id: trackingNumber,
        status,
        event_id: Object.keys(facts).length === 0 ? base : `${base}-${suffixOf(facts)}`,
        occurred_at: new Date(instant).toISOString(),
        metadata: { ...(carrier && { carrier }), ...facts },
      },
    };
  });
  return [...new Map(events.map((event) => [event.detail.event_id, event])).values()];
}

type Facts = Pick<CarrierMetadata, 'origin' | 'destination' | 'estimated_days'>;

function factsOf(history: History, instant: number, zone: Zone): Facts {
  const origin = shown(history.origin);
  const destination = shown(history.destination);
  const expected = history.estimate === undefined ? undefined : instantOf(history.estimate, zone, history.trustsUtc);
  const days = expected === undefined ? undefined : Math.ceil((expected - instant) / 86_400_000);
  return {
    ...(origin && { origin }),
    ...(destination && { destination }),
    ...(days !== undefined && days >= 0 && days <= MAX_ESTIMATED_DAYS && { estimated_days: days }),
  };
}

/** Sorts by the days, because of events that are equal but for their ids the greatest counts: the latest estimate. */
const suffixOf = (facts: Facts) => `${String(facts.estimated_days ?? 0).padStart(4, '0')}-${digest(facts, 11)}`;

/**
 * Text for display, without line breaks and other controls; undefined when nothing is left. Format characters stay, since words and emoji are
 * joined by them: what is shown to an operator is freed of the rest there. Half a surrogate pair, as a cut leaves it, cannot be stored.
 */
const shown = (text: string | undefined) =>
  text
    ?.slice(0, 100)
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim() || undefined;

const digest = (value: unknown, length: number) =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, length);
