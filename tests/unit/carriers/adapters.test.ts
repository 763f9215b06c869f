/** Events of the platforms' webhooks: status by status, time by time, and the same in every webhook that repeats them. */
import { CARRIERS, type CarrierName, UnreadableWebhook } from '../../../carriers/carriers';
import { checkEvent } from '../../../publisher/events';
import { PLATFORMS, type WrittenScan } from '../../support/builders/webhooks';

const NOW = Date.UTC(2026, 2, 5, 12);
const SETTINGS = { timeZone: 'Europe/Berlin', now: NOW };
const NAMES = Object.keys(CARRIERS) as CarrierName[];

const read = (name: CarrierName, scans: readonly WrittenScan[], facts?: object, settings = SETTINGS) =>
  CARRIERS[name].toEvents(PLATFORMS[name].webhook('1Z 999 AA1', scans, facts), settings);

/** A parcel's way in the words of each platform, two times of it without a zone. */
const WAY: Readonly<Record<CarrierName, readonly WrittenScan[]>> = {
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
  const way = WAY[name];

  it('makes an event of each scan, that the contract takes', () => {
    const { events, unknownStatuses, unreadable } = read(name, way);

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

  it('makes one event of a scan that one webhook has twice, and two of two statuses of one instant', () => {
    const [first, second] = way;
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

  it('makes the same events whenever the webhook comes', () => {
    const later = { ...SETTINGS, now: NOW + 30 * 86_400_000 };

    expect(read(name, way, {}, later)).toEqual(read(name, way));
  });

  it('gives scans of another parcel or carrier other identities', () => {
    const other = CARRIERS[name].toEvents(PLATFORMS[name].webhook('1Z999AA2', way), SETTINGS).events;
    const field = name === 'aftership' ? 'slug' : 'carrier';
    const elsewhere = read(name, way, { [field]: 'dpd' }).events;

    const ids = [read(name, way).events, other, elsewhere].flat().map(({ detail }) => detail.event_id);
    expect(new Set(ids).size).toBe(3 * way.length);
  });

  it('returns words that it does not know, bounded and printable, beside the events of the others', () => {
    const word = `teleported\u001b[2J${'é'.repeat(900)}`;
    const { events, unknownStatuses } = read(name, [...way, { word, time: '?' }]);

    expect(events).toHaveLength(way.length);
    expect(unknownStatuses).toEqual([
      {
        word: expect.stringMatching(/^teleported\?\[2J\?{50}$/),
        trackingNumber: '1Z999AA1',
        field: expect.stringMatching(/\[5\]\.(status|tag)$/),
      },
    ]);
  });

  it.each(['__proto__', ''])('does not know the word %p', (word) => {
    expect(read(name, [{ word, time: '2026-03-02T08:00:00' }])).toMatchObject({ events: [], unknownStatuses: [{}] });
  });

  it('leaves out a scan that cannot be placed in time, by name, and keeps the others', () => {
    const { events, unreadable } = read(name, [...way.slice(0, 2), { word: way[2]?.word ?? '', time: 'noon' }]);

    expect(events).toHaveLength(2);
    expect(unreadable[0]).toEqual({
      trackingNumber: '1Z999AA1',
      field: expect.stringMatching(/\[2\]\.(datetime|status_date|checkpoint_time)$/),
      problem: 'is not a date and time that exists, like 2026-03-01T09:30:00+01:00',
    });
  });

  it('refuses a webhook of which nothing can be read', () => {
    expect(() => read(name, [{ word: way[0]?.word ?? '', time: 'noon' }])).toThrow(UnreadableWebhook);
  });

  it.each([
    ['2026-03-05T13:14:00+01:00', 1],
    ['2026-03-05T13:16:00+01:00', 0],
    ['1999-12-31T00:00:00', 0],
  ])('of %s makes %d events: the functions refuse the others', (time, count) => {
    const word = way[1]?.word ?? '';
    const { events } = read(name, [...way.slice(0, 1), { word, time }]);

    expect(events).toHaveLength(1 + count);
  });

  it('makes no events of webhooks about other things', () => {
    const about = { description: 'batch.created', event: 'edd_revise', result: {}, data: {}, msg: {} };

    expect(CARRIERS[name].toEvents(about, SETTINGS)).toEqual({ events: [], unknownStatuses: [], unreadable: [] });
  });

  it('refuses what is no webhook, and names a field that is missing', () => {
    const about = { description: 'tracker.updated', event: name === 'shippo' ? 'track_updated' : 'tracking_update' };

    expect(() => CARRIERS[name].toEvents(null, SETTINGS)).toThrow(/^payload must be a JSON object$/);
    expect(() => CARRIERS[name].toEvents({}, SETTINGS)).toThrow(/^(description|event) is missing$/);
    expect(() => CARRIERS[name].toEvents(about, SETTINGS)).toThrow(/^(result|data|msg) is missing$/);
  });

  it.each([' ', 'ü', 'x'.repeat(129)])('refuses the tracking number %p by name', (trackingNumber) => {
    const webhook = PLATFORMS[name].webhook(trackingNumber, way);

    expect(() => CARRIERS[name].toEvents(webhook, SETTINGS)).toThrow(
      /^(result\.tracking_code|data\.tracking_number|msg\.tracking_number) must be 1 to 128 printable ASCII characters/,
    );
  });

  it('takes null for a history without scans, and for each field that it can do without', () => {
    const needed = /^(result|data|msg|tracking_code|tracking_number|description|event)$/;
    const nulled = (object: object): object =>
      Object.fromEntries(
        Object.entries(object).map(([key, value]) => {
          if (!needed.test(key)) return [key, null];
          return [key, typeof value === 'string' ? value : nulled(value)];
        }),
      );

    expect(CARRIERS[name].toEvents(nulled(PLATFORMS[name].webhook('1Z', way)), SETTINGS).events).toEqual([]);
  });
});

/** Facts of the whole shipment: origin, destination, estimate. */
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

describe.each(NAMES)('%s about the whole shipment', (name) => {
  const way = WAY[name];
  const known = (day: string) => read(name, way, FACTS[name](day)).events;

  it('goes with the first scan in transit, and with no other', () => {
    const [first, ...others] = known('2026-03-06').map(({ detail }) => detail.metadata);
    const carrier = first?.carrier;

    expect(carrier).toMatch(/^(UPS|usps|fedex)$/);
    expect(others[0]).toEqual({ carrier, origin: 'Rotterdam, NL', destination: 'Lyon, FR', estimated_days: 4 });
    expect([first, ...others.slice(1)]).toEqual(Array(4).fill({ carrier }));
  });

  it('becomes one more event when it changes, of the same time and status', () => {
    const before = known('2026-03-06');
    const after = known('2026-03-13');
    const added = after.filter(({ detail }) => !before.some((event) => event.detail.event_id === detail.event_id));

    expect(added.map(({ detail }) => [detail.status, detail.occurred_at, detail.metadata.estimated_days])).toEqual([
      ['in_transit', '2026-03-02T19:00:00.000Z', 11],
    ]);
    // Of two that are equal but for their ids, the greater id counts.
    expect((added[0]?.detail.event_id ?? '') > (before[1]?.detail.event_id ?? '~')).toBe(true);
  });

  it.each(['2020-01-01', '2036-03-30', 'soon', ''])('has no estimate of %p', (day) => {
    expect(known(day)[1]?.detail.metadata).not.toHaveProperty('estimated_days');
  });

  it('is cut, and freed of controls', () => {
    const city = `Lyon\n\u202e${'x'.repeat(900)}\ud800`;
    const place = { city, state: null, country: null };
    const facts = {
      carrier_detail: { origin_tracking_location: place, destination_tracking_location: 7 },
      address_from: place,
      origin_city: city,
    };

    const origin = read(name, way, facts).events[1]?.detail.metadata.origin;
    expect(origin).toMatch(/^Lyon \u202ex{94}$/);
  });

  it.each(['می‌خواهم', '👨‍👩‍👧', 'क्‍ष', '\ue000'])('keeps the characters that %s is made of', (city) => {
    const place = { city };
    const facts = { carrier_detail: { origin_tracking_location: place }, address_from: place, origin_city: city };

    expect(read(name, way, facts).events[1]?.detail.metadata.origin).toBe(city);
  });
});

describe('words', () => {
  it.each([
    ['easypost', 'return_to_sender', undefined, 'returned'],
    ['easypost', 'unknown', undefined, undefined],
    ['shippo', 'TRANSIT', 'delivery_attempted', 'failed'],
    ['shippo', 'TRANSIT', 'a_new_code', 'in_transit'],
    ['shippo', 'FAILURE', undefined, 'failed'],
    ['shippo', 'UNKNOWN', 'other', undefined],
    ['aftership', 'AttemptFail', undefined, 'failed'],
    ['aftership', 'Exception', 'Exception_001', 'failed'],
    ['aftership', 'Exception', 'Exception_010', 'returned'],
    ['aftership', 'Expired', undefined, undefined],
  ] as const)('of %s: %s %s is %s', (name, word, detail, status) => {
    const { events } = read(name, [{ word, time: '2026-03-02T08:00:00', ...(detail !== undefined && { detail }) }]);

    expect(events[0]?.detail.status).toBe(status);
  });
});

describe('a local time east of UTC that is labelled Z', () => {
  const shanghai = { timeZone: 'Asia/Shanghai', now: Date.UTC(2026, 2, 5, 1) };

  it.each<[string, CarrierName, WrittenScan]>([
    ['of EasyPost', 'easypost', { word: 'in_transit', time: '2026-03-05T08:30:00Z' }],
    ['of Shippo', 'shippo', { word: 'TRANSIT', time: '2026-03-05T08:30:00Z' }],
    [
      'that AfterShip had heard of before',
      'aftership',
      { word: 'InTransit', time: '2026-03-05T08:30:00+00:00', heardAt: '2026-03-05T00:40:00+00:00' },
    ],
  ])('is read in the configured zone: %s', (_, name, scan) => {
    for (const now of [shanghai.now, shanghai.now + 86_400_000])
      expect(read(name, [scan], {}, { ...shanghai, now }).events[0]?.detail.occurred_at).toBe(
        '2026-03-05T00:30:00.000Z',
      );
  });

  it('is not touched where AfterShip heard of it after', () => {
    const scan = { word: 'InTransit', time: '2026-03-05T00:30:00+00:00', heardAt: '2026-03-05T00:40:00+00:00' };

    expect(read('aftership', [scan], {}, shanghai).events[0]?.detail.occurred_at).toBe('2026-03-05T00:30:00.000Z');
  });

  it('in a zone that is configured wrongly is left out, and the zone is named', () => {
    const scans = ['08:00', '08:30'].map((time) => ({ word: 'in_transit', time: `2026-03-05T${time}:00Z` }));

    expect(() => read('easypost', scans, {}, { ...shanghai, timeZone: 'UTC' })).toThrow(
      'result.tracking_details[0].datetime is more than 15 minutes in the future: configure the time zone of the carrier',
    );
  });
});

it('takes the time at which AfterShip heard of a scan that the carrier gave no time', () => {
  const { events } = read('aftership', [{ word: 'InTransit', time: '', heardAt: '2026-03-04T10:00:00+00:00' }]);

  expect(events[0]?.detail.occurred_at).toBe('2026-03-04T10:00:00.000Z');
});

it("takes Shippo's latest scan where there is no history", () => {
  const webhook = PLATFORMS.shippo.webhook('1Z', [{ word: 'TRANSIT', time: '2026-03-04T10:00:00Z' }], {
    tracking_history: null,
  });

  expect(CARRIERS.shippo.toEvents(webhook, SETTINGS).events).toHaveLength(1);
});
