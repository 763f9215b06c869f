/** A day of carrier platforms' webhooks: the histories that they tell, and the calls that arrive. */
import type { CarrierName } from '../../../contracts/carriers';
import type { Status } from '../../../contracts/statuses';
import type { Random } from '../../../demo/simulation/random';
import { signedBy } from '../../../local/carriers';
import { PLATFORMS, type WrittenScan } from '../../support/builders/webhooks';

/** A platform's words for a status, from the pages that docs/carriers.md names; written again here, so that a wrong row of a table shows. */
const WORDS: Readonly<Record<CarrierName, Readonly<Partial<Record<Status, string>>>>> = {
  easypost: {
    pending: 'pre_transit',
    in_transit: 'in_transit',
    out_for_delivery: 'out_for_delivery',
    available_for_pickup: 'available_for_pickup',
    failed: 'failure',
    returned: 'return_to_sender',
    delivered: 'delivered',
  },
  shippo: {
    pending: 'PRE_TRANSIT',
    in_transit: 'TRANSIT',
    failed: 'FAILURE',
    returned: 'RETURNED',
    delivered: 'DELIVERED',
  },
  aftership: {
    pending: 'InfoReceived',
    in_transit: 'InTransit',
    out_for_delivery: 'OutForDelivery',
    available_for_pickup: 'AvailableForPickup',
    failed: 'AttemptFail',
    delivered: 'Delivered',
  },
};

interface Scan {
  readonly word: string;
  /** RFC 3339, UTC. */
  readonly time: string;
}

const withOffset = (time: string) => time.replace('.000Z', '+00:00');

/** Local in Berlin, which is an hour ahead in winter, and without a word about it. */
const inBerlin = (time: string) => new Date(Date.parse(time) + 3_600_000).toISOString().slice(0, 19);

/** Each platform's way to write times of carriers in the configured zone. */
const WRITES: Readonly<Record<CarrierName, (scan: Scan, index: number) => WrittenScan>> = {
  easypost: ({ word, time }) => ({ word, time: `${inBerlin(time)}Z` }),
  shippo: ({ word, time }) => ({ word, time: `${inBerlin(time)}Z` }),
  aftership: ({ word, time }, index) => ({
    word,
    time: index % 2 ? inBerlin(time) : withOffset(time),
    heardAt: new Date(Date.parse(time) + 60_000).toISOString(),
  }),
};

/** A platform's webhook about a shipment with this history so far. */
const written = (platform: CarrierName, shipment: string, scans: readonly Scan[]) =>
  JSON.stringify(PLATFORMS[platform].webhook(shipment, scans.map(WRITES[platform])));

/** A shipment's scans, by its platform. */
export interface History {
  readonly platform: CarrierName;
  readonly shipment: string;
  readonly scans: readonly { readonly status: Status; readonly time: string }[];
}

export interface CarrierCall {
  readonly platform: CarrierName;
  readonly body: string;
  /** The headers, signed now: a platform may sign the time. */
  sign(): Readonly<Record<string, string>>;
  /** The answer that it must get. */
  readonly answer: 200 | 400 | 401;
}

const START = Date.UTC(2026, 1, 10, 6);

/** Histories of shipments of each platform: two to five scans with any of its words, hours apart. */
export function histories(random: Random, shipmentsEach: number): History[] {
  return (Object.keys(WORDS) as CarrierName[]).flatMap((platform) =>
    Array.from({ length: shipmentsEach }, (_, index) => {
      const statuses = Object.keys(WORDS[platform]) as Status[];
      const scans = Array.from({ length: 2 + random.below(4) }, (_, scan) => ({
        status: random.pick(statuses),
        time: new Date(START + scan * 7_200_000 + random.below(7_000) * 1_000).toISOString(),
      }));
      return { platform, shipment: `DAY-${platform.toUpperCase()}-${index}`, scans };
    }),
  );
}

const bodyOf = ({ platform, shipment, scans }: History) =>
  written(
    platform,
    shipment,
    scans.map(({ status, time }) => ({ word: WORDS[platform][status] ?? '', time })),
  );

/** A call that says something else than its signature. */
function forged({ platform, shipment }: History, random: Random): CarrierCall {
  const body = bodyOf({ platform, shipment, scans: [{ status: 'delivered', time: new Date(START).toISOString() }] });
  const other = random.chance(0.5);
  const sign = () =>
    other ? signedBy(platform, body, 'a-secret-that-is-not-theirs') : signedBy(platform, body.replace('DAY-', 'DAX-'));
  return { platform, body, sign, answer: 401 };
}

/** Unsigned, unreadable, and with a word that no table has beside one that has. */
function oddities(platform: CarrierName): CarrierCall[] {
  const scans = [
    { word: WORDS[platform].in_transit ?? '', time: new Date(START).toISOString() },
    { word: 'teleported', time: new Date(START + 60_000).toISOString() },
  ];
  const unknown = written(platform, `WORD-${platform.toUpperCase()}`, scans);
  const unreadable = written(platform, '', scans);
  return [
    { platform, body: unknown, sign: () => ({}), answer: 401 },
    { platform, body: unreadable, sign: () => signedBy(platform, unreadable), answer: 400 },
    { platform, body: unknown, sign: () => signedBy(platform, unknown), answer: 200 },
  ];
}

/**
 * The calls of a day in the order of their arrival. Of each shipment there is a webhook for each scan, which tells the history up to it; all but
 * the last may be lost, any may come twice, and they come in any order, forged ones among them.
 */
export function callsOf(all: readonly History[], random: Random): CarrierCall[] {
  const calls = all.flatMap((history) => {
    const webhooks = history.scans.flatMap((_, index) => {
      const isLast = index === history.scans.length - 1;
      const body = bodyOf({ ...history, scans: history.scans.slice(0, index + 1) });
      const { platform } = history;
      const call: CarrierCall = { platform, body, sign: () => signedBy(platform, body), answer: 200 };
      const times = isLast ? 1 + random.below(2) : random.below(3);
      return Array.from({ length: times }, () => call);
    });
    return [...webhooks, ...(random.chance(0.6) ? [forged(history, random)] : [])];
  });
  const odd = [...new Set(all.map(({ platform }) => platform))].flatMap(oddities);
  const waiting = [...calls, ...odd];
  const shuffled: CarrierCall[] = [];
  while (waiting.length > 0) shuffled.push(...waiting.splice(random.below(waiting.length), 1));
  return shuffled;
}
