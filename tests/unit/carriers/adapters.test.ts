/** Shipment events from the platforms' webhooks: statuses, times, and the same identity in every webhook that repeats a scan. */
import { CARRIERS, type CarrierName, UnreadableWebhook } from '../../../carriers/carriers';
import { checkEvent } from '../../../publisher/events';
import { PLATFORMS, type WrittenScan } from '../../support/builders/webhooks';

const NOW = Date.UTC(2026, 2, 5, 12);
const SETTINGS = { timeZone: 'Europe/Berlin', now: NOW };
const NAMES = Object.keys(CARRIERS) as CarrierName[];

const read = (name: CarrierName, scans: readonly WrittenScan[], facts?: object, settings = SETTINGS) =>
  CARRIERS[name].toEvents(PLATFORMS[name].webhook('1Z 999 AA1', scans, facts), settings);

/** The same history in the words of each platform. */
const HISTORIES: Readonly<Record<CarrierName, readonly WrittenScan[]>> = {
  easypost: [
    { word: 'pre_transit', time: '2026-03-02T08:00:00Z' },
    { word: 'in_transit', time: '2026-03-02T20:00:00Z' },
    { word: 'in_transit', time: '2026-03-03T05:30:00+02:00' },
    { word: 'out_for_delivery', time: '2026-03-04T07:00:00Z' },
    { word: 'delivered', time: '2026-03-04T11:12:07Z' },
  ],
  shippo: [
    { word: 'PRE_TRANSIT', time: '2026-03-02T08:00:00Z', detail: 'information_received' },
    { word: 'TRANSIT', time: '2026-03-02T20:00:00Z', detail: 'package_accepted' },
    { word: 'TRANSIT', time: '2026-03-03T05:30:00+02:00', detail: 'package_departed' },
    { word: 'TRANSIT', time: '2026-03-04T07:00:00Z', detail: 'out_for_delivery' },
    { word: 'DELIVERED', time: '2026-03-04T11:12:07Z', detail: 'delivered' },
  ],
  aftership: [
    { word: 'InfoReceived', time: '2026-03-02T08:00:00' },
    { word: 'InTransit', time: '2026-03-02T20:00:00' },
    { word: 'InTransit', time: '2026-03-03T05:30:00+02:00' },
    { word: 'OutForDelivery', time: '2026-03-04T07:00:00' },
    { word: 'Delivered', time: '2026-03-04T11:12:07' },
  ],
};

describe.each(NAMES)('%s', (name) => {
  const history = HISTORIES[name];

  it('creates an event that the contract accepts for each scan', () => {
    const { events, unknownStatuses, unreadable } = read(name, history);

    expect(events.map(({ detail }) => [detail.status, detail.occurred_at])).toEqual([
      ['pending', '2026-03-02T07:00:00.000Z'],
      ['in_transit', '2026-03-02T19:00:00.000Z'],
      ['in_transit', '2026-03-03T03:30:00.000Z'],
      ['out_for_delivery', '2026-03-04T06:00:00.000Z'],
      ['delivered', '2026-03-04T10:12:07.000Z'],
    ]);
    expect(new Set(events.map(({ detail }) => detail.shipment_id))).toEqual(new Set(['1Z999AA1']));
    for (const event of events) expect(checkEvent(event)).not.toHaveProperty('problems');
    expect([unknownStatuses, unreadable]).toEqual([[], []]);
  });

  it('creates one event for a repeated scan, and two for two statuses at the same time', () => {
    const [first, second] = history;
    const time = first?.time ?? '';
    const scans = [first, second, { word: second?.word ?? '', time, detail: second?.detail ?? '' }, second, first];

    const { events } = read(name, scans as WrittenScan[]);
    expect(events.map(({ detail }) => [detail.status, detail.occurred_at])).toEqual([
      ['pending', '2026-03-02T07:00:00.000Z'],
      ['in_transit', '2026-03-02T19:00:00.000Z'],
      ['in_transit', '2026-03-02T07:00:00.000Z'],
    ]);
    expect(new Set(events.map(({ detail }) => detail.event_id)).size).toBe(3);
  });

  it('creates the same event of a scan, whatever other scans the webhook has', () => {
    const alone = history.flatMap((scan) => read(name, [scan]).events);

    expect(read(name, history).events).toEqual(alone);
    expect(read(name, history.toReversed()).events).toEqual(alone.toReversed());
  });

  it('creates the same events when the webhook arrives later', () => {
    const later = { ...SETTINGS, now: NOW + 30 * 86_400_000 };

    expect(read(name, history, {}, later)).toEqual(read(name, history));
  });

  it('creates other event ids for another parcel or carrier', () => {
    const otherParcel = CARRIERS[name].toEvents(PLATFORMS[name].webhook('1Z999AA2', history), SETTINGS).events;
    const field = name === 'aftership' ? 'slug' : 'carrier';
    const otherCarrier = read(name, history, { [field]: 'dpd' }).events;

    const ids = [read(name, history).events, otherParcel, otherCarrier].flat().map(({ detail }) => detail.event_id);
    expect(new Set(ids).size).toBe(3 * history.length);
  });

  it('reports an unknown status word, cut and printable, and keeps the other events', () => {
    const word = `teleported\u001b[2J${'é'.repeat(900)}`;
    const { events, unknownStatuses } = read(name, [...history, { word, time: '?' }]);

    expect(events).toHaveLength(history.length);
    expect(unknownStatuses).toEqual([
      {
        word: expect.stringMatching(/^teleported\?\[2J\?{50}$/),
        trackingNumber: '1Z999AA1',
        field: expect.stringMatching(/\[5\]\.(status|tag)$/),
      },
    ]);
  });

  it.each(['__proto__', ''])('reports the word %p as unknown', (word) => {
    expect(read(name, [{ word, time: '2026-03-02T08:00:00' }])).toMatchObject({ events: [], unknownStatuses: [{}] });
  });

  it('reports the field of an invalid time, and keeps the other scans', () => {
    const invalid = { word: history[2]?.word ?? '', time: 'noon' };
    const { events, unreadable } = read(name, [...history.slice(0, 2), invalid]);

    expect(events).toHaveLength(2);
    expect(unreadable[0]).toEqual({
      trackingNumber: '1Z999AA1',
      field: expect.stringMatching(/\[2\]\.(datetime|status_date|checkpoint_time)$/),
      problem: 'is not a date and time that exists, like 2026-03-01T09:30:00+01:00',
    });
  });

  it('throws when no scan is readable', () => {
    expect(() => read(name, [{ word: history[0]?.word ?? '', time: 'noon' }])).toThrow(UnreadableWebhook);
  });

  it.each([
    ['2026-03-05T13:14:00+01:00', 1],
    ['2026-03-05T13:16:00+01:00', 0],
    ['1999-12-31T00:00:00', 0],
  ])('turns a scan at %s into %d events, since the functions reject other times', (time, count) => {
    const word = history[1]?.word ?? '';
    const { events } = read(name, [...history.slice(0, 1), { word, time }]);

    expect(events).toHaveLength(1 + count);
  });

  it('creates no events from webhooks about other things', () => {
    const about = { description: 'batch.created', event: 'edd_revise', result: {}, data: {}, msg: {} };

    expect(CARRIERS[name].toEvents(about, SETTINGS)).toEqual({ events: [], unknownStatuses: [], unreadable: [] });
  });

  it('rejects other JSON, naming the missing field', () => {
    const about = { description: 'tracker.updated', event: name === 'shippo' ? 'track_updated' : 'tracking_update' };

    expect(() => CARRIERS[name].toEvents(null, SETTINGS)).toThrow(/^payload must be a JSON object$/);
    expect(() => CARRIERS[name].toEvents({}, SETTINGS)).toThrow(/^(description|event) is missing$/);
    expect(() => CARRIERS[name].toEvents(about, SETTINGS)).toThrow(/^(result|data|msg) is missing$/);
  });

  it.each([' ', 'ü', 'x'.repeat(129)])('rejects the tracking number %p, naming the field', (trackingNumber) => {
    const webhook = PLATFORMS[name].webhook(trackingNumber, history);

    expect(() => CARRIERS[name].toEvents(webhook, SETTINGS)).toThrow(
      /^(result\.tracking_code|data\.tracking_number|msg\.tracking_number) must be 1 to 128 printable ASCII characters/,
    );
  });

  it('accepts null for an empty history and for every optional field', () => {
    const required = /^(result|data|msg|tracking_code|tracking_number|description|event)$/;
    const nulled = (object: object): object =>
      Object.fromEntries(
        Object.entries(object).map(([key, value]) => {
          if (!required.test(key)) return [key, null];
          return [key, typeof value === 'string' ? value : nulled(value)];
        }),
      );

    expect(CARRIERS[name].toEvents(nulled(PLATFORMS[name].webhook('1Z', history)), SETTINGS).events).toEqual([]);
  });
});

/** Origin, destination and estimate of a shipment. */
const FACTS: Readonly<Record<CarrierName, (day: string) => object>> = {
  easypost: (day) => ({
    est_delivery_date: `${day}T00:00:00Z`,
    carrier_detail: {
      origin_tracking_location: { city: 'Rotterdam', state: null, country: 'NL', zip: '3011' },
      destination_tracking_location: { city: 'Lyon', state: null, country: 'FR', zip: '69001' },
    },
  }),
  shippo: (day) => ({
    original_eta: `${day}T00:00:00Z`,
    eta: '2026-03-30T00:00:00Z',
    address_from: { city: 'Rotterdam', state: '', zip: '3011', country: 'NL' },
    address_to: { city: 'Lyon', state: '', zip: '69001', country: 'FR' },
  }),
  aftership: (day) => ({
    first_estimated_delivery: { type: 'specific', source: 'Carrier', datetime: day },
    origin_city: 'Rotterdam',
    origin_country_region: 'NL',
    destination_city: 'Lyon',
    destination_country_region: 'FR',
  }),
};

describe.each(NAMES)('%s: the facts about the whole shipment', (name) => {
  const history = HISTORIES[name];
  const eventsWithEstimate = (day: string) => read(name, history, FACTS[name](day)).events;

  it('are only in the first in-transit event', () => {
    const [first, second, ...others] = eventsWithEstimate('2026-03-06').map(({ detail }) => detail.metadata);
    const carrier = first?.carrier;

    expect(carrier).toMatch(/^(UPS|usps|fedex)$/);
    expect(second).toEqual({ carrier, origin: 'Rotterdam, NL', destination: 'Lyon, FR', estimated_days: 4 });
    expect([first, ...others]).toEqual(Array(4).fill({ carrier }));
  });

  it('create one more event of the same time and status when they change', () => {
    const before = eventsWithEstimate('2026-03-06');
    const after = eventsWithEstimate('2026-03-13');
    const added = after.filter(({ detail }) => !before.some((event) => event.detail.event_id === detail.event_id));

    expect(added.map(({ detail }) => [detail.status, detail.occurred_at, detail.metadata.estimated_days])).toEqual([
      ['in_transit', '2026-03-02T19:00:00.000Z', 11],
    ]);
    // Of events that differ only in their id, the greater id counts.
    expect((added[0]?.detail.event_id ?? '') > (before[1]?.detail.event_id ?? '~')).toBe(true);
  });

  it.each(['2020-01-01', '2036-03-30', 'soon', ''])('leave out the estimate %p', (day) => {
    expect(eventsWithEstimate(day)[1]?.detail.metadata).not.toHaveProperty('estimated_days');
  });

  it('are cut, also within a surrogate pair, and lose control characters', () => {
    const city = `Lyon\n\u202e${'x'.repeat(93)}😀`;
    const place = { city, state: null, country: null };
    const facts = {
      carrier_detail: { origin_tracking_location: place, destination_tracking_location: 7 },
      address_from: place,
      origin_city: city,
    };

    const origin = read(name, history, facts).events[1]?.detail.metadata.origin;
    expect(origin).toMatch(/^Lyon \u202ex{93}$/);
  });

  it.each(['می‌خواهم', '👨‍👩‍👧', 'क्‍ष', '\ue000'])('keep the characters of %s', (city) => {
    const place = { city };
    const facts = { carrier_detail: { origin_tracking_location: place }, address_from: place, origin_city: city };

    expect(read(name, history, facts).events[1]?.detail.metadata.origin).toBe(city);
  });
});

it.each([
  ['easypost', 'return_to_sender', undefined, 'returned'],
  ['easypost', 'unknown', undefined, undefined],
  ['shippo', 'TRANSIT', 'delivery_attempted', 'failed'],
  ['shippo', 'TRANSIT', 'a_new_code', 'in_transit'],
  ['shippo', 'UNKNOWN', 'other', undefined],
  ['aftership', 'Exception', 'Exception_001', 'failed'],
  ['aftership', 'Exception', 'Exception_010', 'returned'],
  ['aftership', 'Expired', undefined, undefined],
] as const)('%s: maps the words %s, %s to the status %s', (name, word, detail, status) => {
  const { events } = read(name, [{ word, time: '2026-03-02T08:00:00', ...(detail !== undefined && { detail }) }]);

  expect(events[0]?.detail.status).toBe(status);
});

describe('a local time east of UTC with a Z', () => {
  const shanghai = { timeZone: 'Asia/Shanghai', now: Date.UTC(2026, 2, 5, 1) };

  it.each<[string, CarrierName, WrittenScan]>([
    ['EasyPost', 'easypost', { word: 'in_transit', time: '2026-03-05T08:30:00Z' }],
    ['Shippo', 'shippo', { word: 'TRANSIT', time: '2026-03-05T08:30:00Z' }],
    [
      'AfterShip, which received the scan before that time',
      'aftership',
      { word: 'InTransit', time: '2026-03-05T08:30:00+00:00', heardAt: '2026-03-05T00:40:00+00:00' },
    ],
  ])('is read in the configured zone from %s', (_, name, scan) => {
    for (const now of [shanghai.now, shanghai.now + 86_400_000])
      expect(read(name, [scan], {}, { ...shanghai, now }).events[0]?.detail.occurred_at).toBe(
        '2026-03-05T00:30:00.000Z',
      );
  });

  it('is read as UTC when AfterShip received the scan after that time', () => {
    const scan = { word: 'InTransit', time: '2026-03-05T00:30:00+00:00', heardAt: '2026-03-05T00:40:00+00:00' };

    expect(read('aftership', [scan], {}, shanghai).events[0]?.detail.occurred_at).toBe('2026-03-05T00:30:00.000Z');
  });

  it('is rejected as in the future when the configured zone is wrong', () => {
    const scans = ['08:00', '08:30'].map((time) => ({ word: 'in_transit', time: `2026-03-05T${time}:00Z` }));

    expect(() => read('easypost', scans, {}, { ...shanghai, timeZone: 'UTC' })).toThrow(
      'result.tracking_details[0].datetime is more than 15 minutes in the future: configure the time zone of the carrier',
    );
  });
});

it('uses the time at which AfterShip received a scan that has no time', () => {
  const { events } = read('aftership', [{ word: 'InTransit', time: '', heardAt: '2026-03-04T10:00:00+00:00' }]);

  expect(events[0]?.detail.occurred_at).toBe('2026-03-04T10:00:00.000Z');
});

it("uses Shippo's latest scan when there is no history", () => {
  const webhook = PLATFORMS.shippo.webhook('1Z', [{ word: 'TRANSIT', time: '2026-03-04T10:00:00Z' }], {
    tracking_history: null,
  });

  expect(CARRIERS.shippo.toEvents(webhook, SETTINGS).events).toHaveLength(1);
});
