import { checkEvent } from '../../../publisher/events';
import type { LogisticsEvent } from '../../../publisher/publisher';
import {
  anUpdate,
  aPublisher,
  busAnswers,
  callsMade,
  eventBridge,
  failuresOf,
  taken,
  untyped,
  updates,
} from '../../support/builders/publishing';

beforeEach(() => eventBridge.reset());

describe('checking', () => {
  const identity = { event_id: 'e-1', occurred_at: '2026-03-02T08:00:00Z' };
  const update = (detail: object) => untyped({ detailType: 'Shipment Status Updated', detail });
  const cyclic: Record<string, unknown> = { error_type: 'a', error_message: 'b' };
  cyclic['self'] = cyclic;

  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

  it.each<[what: string, event: LogisticsEvent, reason: string]>([
    ['a wrong value', anUpdate(1, { status: 'lost' }), 'detail.status must be one of pending,'],
    [
      'a mistyped field',
      update({ shipment_id: 'S', status: 'failed', event_id: 'e', ocurred_at: 'x' }),
      'detail.ocurred_at is no field of',
    ],
    [
      'a correction without a reason',
      untyped({ detailType: 'Shipment Status Corrected', detail: { shipment_id: 'S', status: 'failed', ...identity } }),
      'detail.reason is missing',
    ],
    ['no event_id', anUpdate(1, { event_id: undefined }), 'detail.event_id is missing: give it, and the same again'],
    ['no occurred_at', anUpdate(1, { occurred_at: undefined }), 'detail.occurred_at is missing: give it'],
    [
      'an unknown event',
      untyped({ detailType: 'Shipment Lost', detail: {} }),
      'detailType "Shipment Lost" must be one of Shipment Created,',
    ],
    [
      'an announcement, which the bus takes from the functions alone',
      untyped({ detailType: 'Event Failed', detail: {} }),
      'detailType "Event Failed" must be one of Shipment Created,',
    ],
    ['a list for a detail', untyped({ detailType: 'Shipment Created', detail: [] }), 'detail must be a JSON object'],
    ['no detail', untyped({ detailType: 'Shipment Created' }), 'detail must be a JSON object'],
    [
      'a number that JSON has not',
      update({ shipment_id: 'S', status: 'failed', ...identity, metadata: { kg: Number.NaN } }),
      'kg is NaN',
    ],
    [
      'a value that JSON drops',
      update({ shipment_id: 'S', status: 'failed', ...identity, metadata: { f: () => 1 } }),
      'f is a function',
    ],
    [
      'what JSON empties',
      update({ shipment_id: 'S', status: 'failed', ...identity, metadata: { stops: new Set(['Lyon']) } }),
      'stops is a Set: give a plain object or a list',
    ],
    [
      'a gap that JSON fills',
      update({ shipment_id: 'S', status: 'failed', ...identity, metadata: { stops: ['Lyon', undefined] } }),
      '1 of a list is undefined',
    ],
    [
      'a date that is none',
      anUpdate(1, { metadata: { at: new Date('x') } }),
      'at would be written as null: is it an invalid Date?',
    ],
    [
      'a whole number that may be rounded',
      anUpdate(1, { metadata: { sscc: 340123450000000000 } }),
      'sscc is 340123450000000000, beyond 2^53, where',
    ],
    ...(
      [
        ['a BigInt', 340123450000000016n, 'x is a BigInt: send it as a string'],
        ['bytes', Buffer.from('Lyon'), 'x is a Buffer: give a plain object or a list'],
        ['a URL', new URL('https://example.com'), 'x is a URL: give a plain object or a list'],
        [
          'a class with a toJSON of its own',
          new (class Parcel {
            toJSON = () => undefined;
          })(),
          'x is a Parcel: give a plain',
        ],
        ['an object whose toJSON drops it', { toJSON: () => undefined }, 'x has a toJSON: give what it returns'],
        [
          'one whose toJSON makes another of it',
          { kg: 1, toJSON: () => 'one' },
          'x has a toJSON: give what it returns',
        ],
        ['a function with a toJSON', Object.assign(() => 1, { toJSON: () => 1 }), 'x is a function'],
        ['a number in a box', Object(1), 'x is a Number: give a plain object or a list'],
      ] as const
    ).map(([what, x, reason]): [string, LogisticsEvent, string] => [what, anUpdate(1, { metadata: { x } }), reason]),
    ['a number beyond the table', anUpdate(1, { metadata: { n: 1e300 } }), 'n is 1e+300, beyond 2^53'],
    [
      'one too small for it',
      anUpdate(1, { metadata: { n: 1e-200 } }),
      'detail.metadata.n is 1e-200, outside the numbers DynamoDB',
    ],
    [
      'half a surrogate pair',
      anUpdate(1, { metadata: { s: 'x\ud83d' } }),
      'detail.metadata.s holds half a surrogate pair',
    ],
    [
      'the year 1999',
      anUpdate(1, { occurred_at: '1999-12-31T00:00:00Z' }),
      'detail.occurred_at is before the year 2000',
    ],
    [
      'the year 2099',
      anUpdate(1, { occurred_at: '2099-01-01T00:00:00Z' }),
      'detail.occurred_at is more than 15 minutes in the future',
    ],
    ['40 levels', anUpdate(1, { metadata: { deep: nested(40) } }), 'detail is nested deeper than 30 levels'],
    ['an empty key', anUpdate(1, { metadata: { '': 1 } }), 'detail.metadata has a key "", which cannot be stored'],
    [
      'a __proto__ key',
      anUpdate(1, { metadata: JSON.parse('{"__proto__":1}') }),
      'detail.metadata has a key "__proto__"',
    ],
    [
      'more than a row holds',
      anUpdate(1, { metadata: { note: 'x'.repeat(450_000) } }),
      'detail.metadata takes more than the 400 KB',
    ],
    ['a circle', untyped({ detailType: 'Critical Error', detail: cyclic }), 'detail cannot be sent as JSON'],
    [
      'more than a call holds',
      { detailType: 'Critical Error', detail: { error_type: 'x', error_message: 'x'.repeat(1_000_000) } },
      'an event takes less than 1000000',
    ],
  ])('refuses %s, and sends nothing', async (_, event, reason) => {
    const { message, reasons } = await failuresOf(aPublisher().publish([anUpdate(7), event]));

    expect(reasons[0]?.[0]).toBe(1);
    expect(reasons[0]?.slice(1).join('; ')).toContain(reason);
    expect(reasons[1]).toEqual([0, 'not sent: another event is wrong']);
    expect(message).toContain('2 of 2 events are not on the bus:\n  events[1]');
    expect(callsMade()).toEqual([]);
  });

  it('says a missing field once', async () => {
    const { reasons } = await failuresOf(aPublisher().publish([anUpdate(1, { occurred_at: undefined })]));

    expect(reasons[0]).toHaveLength(2);
  });

  it('lets an error event carry anything else, and metadata any key', async () => {
    busAnswers(taken);
    const at = new Date('2026-03-02T08:00:00Z');
    const error = { error_type: 'label_unreadable', error_message: 'Scanner 14', hall: 3, at, note: undefined };

    await aPublisher().publish([
      { detailType: 'Processing Error', detail: error },
      anUpdate(1, { metadata: { hall: 3 } }),
    ]);

    expect(callsMade()).toHaveLength(1);
  });

  it('takes data that is plain: a date, an object without a prototype, a field named toJSON', () => {
    const bare = Object.assign(Object.create(null), { at: new Date(0) });

    const checked = checkEvent(anUpdate(1, { metadata: { bare, data: { toJSON: 'no function' } } }));

    expect(checked).toMatchObject({
      detail: expect.stringContaining('"bare":{"at":"1970-01-01T00:00:00.000Z"},"data":{"toJSON":"no function"}'),
    });
  });

  it('names twenty events in its message and all in failures', async () => {
    const { message, reasons } = await failuresOf(aPublisher().publish(updates(50, { status: 'lost' })));

    expect(message.split('\n')).toHaveLength(1 + 20 + 1);
    expect(message).toContain('and 30 more: see failures');
    expect(reasons).toHaveLength(50);
  });
});
