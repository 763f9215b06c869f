/** Shipment events from the tracking history in a webhook. Platforms repeat the whole history in each webhook. */
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

export interface StatusWords {
  /** The page that defines them. */
  readonly source: string;
  /** Field that holds the word. */
  readonly field: string;
  /** null: the word says nothing about the parcel and creates no event. */
  readonly statuses: Readonly<Record<string, Status | null>>;
}

/** An entry of a tracking history. */
export interface Scan {
  /** The platform's status words, one for each table of `statuses`, in that order. */
  readonly words: readonly (string | undefined)[];
  /** As the platform wrote it. */
  readonly time: string;
  /** When the platform received the scan, if it states that reliably and with a correct offset. */
  readonly receivedAt?: string | undefined;
}

export interface History {
  readonly platform: string;
  /** The first table with the scan's word decides. Without one, the word for the last table is reported as unknown. */
  readonly statuses: readonly StatusWords[];
  readonly timeField: string;
  /** false: the platform writes `Z` after local times, too. */
  readonly trustsUtc: boolean;
  readonly trackingNumber: string;
  readonly carrier: string | undefined;
  readonly origin: string;
  readonly destination: string;
  /** Expected delivery, as the platform wrote it. */
  readonly estimate: string | undefined;
  /** Unparsed scans by their path in the payload. */
  readonly scans: ReadonlyMap<string, unknown>;
  /** @throws UnreadableWebhook */
  scanOf(value: unknown, path: string): Scan;
}

export const NO_EVENTS: CarrierEvents = { events: [], unknownStatuses: [], unreadable: [] };

interface DatedStatus {
  readonly status: Status;
  /** Epoch milliseconds. */
  readonly instant: number;
}

/**
 * Creates an event for each scan, from that scan alone, so that every webhook that repeats the scan creates the same event.
 * @throws UnreadableWebhook when no scan is readable
 * @throws RangeError when `timeZone` is unknown
 */
export function eventsOf(history: History, { timeZone, now }: ReadSettings): CarrierEvents {
  const zone = zoneOf(timeZone);
  const { trackingNumber } = history;
  const dated: DatedStatus[] = [];
  const unknownByWord = new Map<string, UnknownStatus>();
  const unreadable: UnreadableScan[] = [];
  let firstError: UnreadableWebhook | undefined;
  for (const [path, value] of history.scans) {
    try {
      const scan = history.scanOf(value, path);
      const found = statusOf(scan, history.statuses);
      if ('unknownWord' in found) {
        const word = printable(found.unknownWord);
        unknownByWord.set(word, unknownByWord.get(word) ?? { word, trackingNumber, field: `${path}.${found.field}` });
      } else if (found.status) {
        const instant = timeOf(scan, history, zone, `${path}.${history.timeField}`, now);
        dated.push({ status: found.status, instant });
      }
    } catch (error) {
      if (!(error instanceof UnreadableWebhook)) throw error;
      firstError ??= error;
      unreadable.push({ trackingNumber, field: error.field, problem: error.problem });
    }
  }
  if (firstError && dated.length === 0 && unknownByWord.size === 0) throw firstError;
  return { events: distinctEvents(dated, history, zone), unknownStatuses: [...unknownByWord.values()], unreadable };
}

function statusOf({ words }: Scan, tables: readonly StatusWords[]) {
  for (const [index, { statuses }] of tables.entries()) {
    const word = words[index];
    if (word !== undefined && Object.hasOwn(statuses, word)) return { status: statuses[word] };
  }
  return { unknownWord: words.at(-1) ?? '', field: tables.at(-1)?.field ?? '' };
}

const printable = (word: string) => word.slice(0, 64).replace(/[^ -~]/g, '?');

/** @throws UnreadableWebhook when the text is not a time, or is one that the functions would reject */
function timeOf({ time, receivedAt }: Scan, { trustsUtc }: History, zone: Zone, field: string, now: number): number {
  let instant = instantOf(time, zone, trustsUtc);
  const received = receivedAt === undefined ? undefined : instantOf(receivedAt, zone, true);
  // A scan later than its receipt has a wrong offset. The platform's clock decides, not ours, so that every webhook gives it the same time.
  if (instant !== undefined && received !== undefined && instant > received + MAX_MINUTES_AHEAD * 60_000)
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
 * Facts about the whole shipment may change between webhooks, but a repeated event must not. So only the first in-transit event has them,
 * and they are part of its identity: changed facts create one more event of that time and status, without a transition or notification.
 */
function distinctEvents(dated: readonly DatedStatus[], history: History, zone: Zone): CarrierEvent[] {
  const start = dated.filter(({ status }) => status === 'in_transit').sort((a, b) => a.instant - b.instant)[0];
  const events = dated.map(({ status, instant }): CarrierEvent => {
    const { platform, trackingNumber } = history;
    const carrier = displayText(history.carrier);
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
  const origin = displayText(history.origin);
  const destination = displayText(history.destination);
  const expected = history.estimate === undefined ? undefined : instantOf(history.estimate, zone, history.trustsUtc);
  const days = expected === undefined ? undefined : Math.ceil((expected - instant) / 86_400_000);
  return {
    ...(origin && { origin }),
    ...(destination && { destination }),
    ...(days !== undefined && days >= 0 && days <= MAX_ESTIMATED_DAYS && { estimated_days: days }),
  };
}

/** Begins with the days: of events that differ only in their id the greatest counts, which is the latest estimate. */
const suffixOf = (facts: Facts) => `${String(facts.estimated_days ?? 0).padStart(4, '0')}-${digest(facts, 11)}`;

/**
 * Text for display, without line breaks and other control characters; undefined when empty. Format characters stay, since they join words and
 * emoji; the operator's command removes them where it prints. A lone surrogate, which the cut may leave, cannot be stored.
 */
const displayText = (text: string | undefined) =>
  text
    ?.slice(0, 100)
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim() || undefined;

const digest = (value: unknown, length: number) =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, length);
