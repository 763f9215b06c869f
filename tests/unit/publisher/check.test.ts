import { checkEvent } from '../../../publisher/events';
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

const identity = { event_id: 'e-1', occurred_at: '2026-03-02T08:00:00Z' };
const cyclic: Record<string, unknown> = { error_type: 'a', error_message: 'b' };
cyclic['self'] = cyclic;

const withMetadata = (x: unknown) => anUpdate(1, { metadata: { x } });

describe('checking', () => {
  // Events that their function rejects, too, are in tests/unit/contracts/one-check.test.ts.
  it.each<[what: string, event: unknown, reason: string]>([
    ['a misspelled field', anUpdate(1, { ocurred_at: 'x' }), 'detail.ocurred_at is no field of'],
    [
      'a correction without a reason',
      { detailType: 'Shipment Status Corrected', detail: { shipment_id: 'S', status: 'failed', ...identity } },
      'detail.reason is missing',
    ],
    ['no event_id', anUpdate(1, { event_id: undefined }), 'detail.event_id is missing: set it, and keep the value'],
    [
      'an unknown event',
      { detailType: 'Shipment Lost', detail: {} },
      'detailType "Shipment Lost" must be one of Shipment Created,',
    ],
    [
      'an announcement, which the bus accepts from the functions alone',
      { detailType: 'Event Failed', detail: {} },
      'detailType "Event Failed" must be one of Shipment Created,',
    ],
    ['a list as detail', { detailType: 'Shipment Created', detail: [] }, 'detail must be a JSON object'],
    ['no detail', { detailType: 'Shipment Created' }, 'detail must be a JSON object'],
    ['a number that JSON does not have', withMetadata(Number.NaN), 'x is NaN'],
    ['a value that JSON drops', withMetadata(() => 1), 'x is a function'],
    ['an object that JSON empties', withMetadata(new Set(['Lyon'])), 'x is a Set: give a plain object or a list'],
    ['a gap that JSON fills', withMetadata(['Lyon', undefined]), '1 of a list is undefined'],
    ['an invalid date', withMetadata(new Date('x')), 'x would be written as null: is it an invalid Date?'],
    ['a whole number that may be rounded', withMetadata(340123450000000000), 'x is 340123450000000000, beyond 2^53'],
    ['a BigInt', withMetadata(340123450000000016n), 'x is a BigInt: send it as a string'],
    ['an object with a toJSON', withMetadata({ toJSON: () => 'one' }), 'x has a toJSON: give what it returns'],
    ['a function with a toJSON', withMetadata(Object.assign(() => 1, { toJSON: () => 1 })), 'x is a function'],
    ['a cycle', { detailType: 'Critical Error', detail: cyclic }, 'detail cannot be sent as JSON'],
    [
      'an event that is too large for a call',
      { detailType: 'Critical Error', detail: { error_type: 'x', error_message: 'x'.repeat(1_000_000) } },
      'must have fewer than 1000000',
    ],
  ])('rejects %s and sends nothing', async (_, event, reason) => {
    const { message, reasons } = await failuresOf(aPublisher().publish([anUpdate(7), untyped(event)]));

    expect(reasons[0]?.[0]).toBe(1);
    expect(reasons[0]?.slice(1).join('; ')).toContain(reason);
    expect(reasons[1]).toEqual([0, 'not sent: another event is invalid']);
    expect(message).toContain('2 of 2 events are not on the bus:\n  events[1]');
    expect(callsMade()).toEqual([]);
  });

  it('names a missing field once', async () => {
    const { reasons } = await failuresOf(aPublisher().publish([anUpdate(1, { occurred_at: undefined })]));

    expect(reasons[0]).toEqual([0, 'detail.occurred_at is missing: set it, and keep the value when you retry']);
  });

  it('accepts other fields in an error event, and any key in metadata', async () => {
    busAnswers(taken);
    const at = new Date('2026-03-02T08:00:00Z');
    const error = { error_type: 'label_unreadable', error_message: 'Scanner 14', hall: 3, at, note: undefined };

    await aPublisher().publish([
      { detailType: 'Processing Error', detail: error },
      anUpdate(1, { metadata: { hall: 3 } }),
    ]);

    expect(callsMade()).toHaveLength(1);
  });

  it('accepts a date, an object without a prototype, and a field named toJSON', () => {
    const bare = Object.assign(Object.create(null), { at: new Date(0) });

    const checked = checkEvent(anUpdate(1, { metadata: { bare, data: { toJSON: 'no function' } } }));

    expect(checked).toMatchObject({
      detail: expect.stringContaining('"bare":{"at":"1970-01-01T00:00:00.000Z"},"data":{"toJSON":"no function"}'),
    });
  });

  it('names twenty events in the message and all in failures', async () => {
    const { message, reasons } = await failuresOf(aPublisher().publish(updates(50, { status: 'lost' })));

    expect(message.split('\n')).toHaveLength(1 + 20 + 1);
    expect(message).toContain('and 30 more: see failures');
    expect(reasons).toHaveLength(50);
  });
});
