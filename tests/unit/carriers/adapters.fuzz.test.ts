/** Hostile webhooks for every adapter: the result is an UnreadableWebhook, or events that the contract accepts. */
import fc from 'fast-check';
import { CARRIERS, type CarrierName, UnreadableWebhook } from '../../../carriers/carriers';
import { signedBy } from '../../../local/carriers';
import { checkEvent } from '../../../publisher/events';
import { PLATFORMS } from '../../support/builders/webhooks';

const NOW = Date.now();
const SETTINGS = { timeZone: 'Asia/Kolkata', now: NOW };
const NAMES = Object.keys(CARRIERS) as CarrierName[];

function readHostile(name: CarrierName, payload: unknown): void {
  try {
    const { events, unknownStatuses, unreadable } = CARRIERS[name].toEvents(payload, SETTINGS);
    for (const event of events) {
      expect(checkEvent(event)).not.toHaveProperty('problems');
      for (const value of Object.values(event.detail.metadata)) expect(String(value).length).toBeLessThanOrEqual(100);
    }
    for (const { word, trackingNumber } of unknownStatuses) {
      expect(word).toMatch(/^[ -~]{0,64}$/);
      expect(trackingNumber.length).toBeLessThanOrEqual(128);
    }
    for (const { field, problem } of unreadable) expect(`${field} ${problem}`).toMatch(/^[ -~]{1,256}$/);
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableWebhook);
    expect((error as Error).message).toMatch(/^[ -~]{1,256}$/);
  }
}

const ROOTS = ['description', 'event', 'result', 'data', 'msg'];
const FIELDS = [
  ...['tracking_code', 'tracking_number', 'tracking_details', 'tracking_history', 'tracking_status', 'checkpoints'],
  ...['carrier', 'slug', 'carrier_detail', 'address_from', 'address_to', 'est_delivery_date', 'original_eta'],
  ...['first_estimated_delivery', 'origin_city', 'destination_country_region', '__proto__', 'constructor'],
];
const SCAN_FIELDS = [
  ...['status', 'tag', 'subtag', 'substatus'],
  ...['datetime', 'status_date', 'checkpoint_time', 'created_at'],
];

const WORDS = ['in_transit', 'TRANSIT', 'InTransit', 'delivered', 'DELIVERED', 'Delivered', 'Exception', '__proto__'];
const time = fc.oneof(
  fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('', '2026-03-29T02:30:00', '9999-12-31T23:59:59-23:59', '0000-01-01', '2026-03-04'),
);
const anything = fc.oneof(
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<unknown> },
  { weight: 2, arbitrary: fc.constantFrom<unknown>('tracker.updated', 'track_updated', 'tracking_update', ...WORDS) },
  { weight: 1, arbitrary: time as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) as fc.Arbitrary<unknown> },
);

const objectOf = (fields: readonly string[], value: fc.Arbitrary<unknown>) =>
  // By JSON.parse, which makes `__proto__` an ordinary field.
  fc
    .array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 12 })
    .map((members) =>
      JSON.parse(`{${members.map(([key, member]) => `${JSON.stringify(key)}:${JSON.stringify(member)}`)}}`),
    );

const scan = fc.oneof(objectOf(SCAN_FIELDS, fc.oneof(fc.constantFrom<unknown>(...WORDS), time, anything)), anything);
const history = fc.array(scan, { maxLength: 8 });
const tracking = objectOf(FIELDS, fc.oneof(anything, history, fc.constant('1Z999'), objectOf(FIELDS, anything)));

describe.each(NAMES)('%s', (name) => {
  it('survives any JSON', () => {
    fc.assert(
      fc.property(fc.oneof(objectOf(ROOTS, fc.oneof(tracking, anything)), anything), (payload) =>
        readHostile(name, payload),
      ),
    );
  });

  it('survives any scans', () => {
    fc.assert(
      fc.property(history, tracking, (scans, facts) => {
        readHostile(name, PLATFORMS[name].webhook('1Z', [], { ...facts, ...withScans(scans) }));
      }),
    );
  });

  it('rejects arbitrary bytes and headers', () => {
    const headers = Object.keys(signedBy(name, '', 's', NOW));
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2_000 }),
        fc.string({ unit: 'binary' }),
        fc.string(),
        (body, header, secret) => {
          const request = { headers: Object.fromEntries(headers.map((key) => [key, header])), body };
          expect(CARRIERS[name].verify(request, [secret], NOW).valid).toBe(false);
        },
      ),
    );
  });

  it('survives nesting deeper than the call stack, and huge texts and lists', () => {
    const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    const huge = 'x\n'.repeat(500_000);
    const scans = Array.from({ length: 20_000 }, (_, index) => ({ status: huge, tag: huge, datetime: index }));

    for (const value of [deep, huge, [deep], scans, [huge]]) {
      for (const field of [...FIELDS, ...ROOTS])
        readHostile(name, { ...PLATFORMS[name].webhook('1Z', []), [field]: value });
      readHostile(name, PLATFORMS[name].webhook('1Z', [], withScans(value)));
      readHostile(name, PLATFORMS[name].webhook('1Z', [], { carrier: value, slug: value, tracking_code: value }));
    }
  });
});

const withScans = (scans: unknown) => ({ tracking_details: scans, tracking_history: scans, checkpoints: scans });
