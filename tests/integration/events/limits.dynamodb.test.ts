/** Limits of an event: all that the domain accepts is stored and comes back as it was; what DynamoDB refuses is rejected. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { recordingProblem } from '../../../contracts/storable';
import { eventLog, logKey } from '../../../src/adapters/event-log';
import { Rejected } from '../../../src/domain/failures';
import { canonicalJson, type Json, type JsonObject } from '../../../src/domain/json';
import { processResultOf } from '../../../src/domain/process-result';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { aShipmentEvent } from '../../support/builders/events';
import { databaseOfFile, UNLIMITED } from '../../support/database';
import { SEED } from '../../support/sample';

const DETAILS = 500;

const database = databaseOfFile();
let events = 0;

/** Stores an event of this metadata and reads the metadata back; numbers as JavaScript has them. */
async function storeAndRead(metadata: JsonObject, overrides: Partial<ShipmentEvent> = {}): Promise<Json> {
  events += 1;
  const event = aShipmentEvent({ event_id: `event-${events}`, metadata, ...overrides });
  const TableName = database().tables.shipmentEvents;
  await eventLog(database().db, TableName, 0, UNLIMITED).append(
    event,
    processResultOf(event, event.timestamp),
    undefined,
  );
  const get = new GetItemCommand({ TableName, Key: logKey(event), ConsistentRead: true });
  const { Item = {} } = await database().db.send(get);
  return unmarshall(Item, { wrapNumbers: (digits) => Number(digits) as unknown as bigint })['metadata'];
}

/** A value in so many lists, or in so many objects. */
const inLists = (levels: number): Json => (levels === 0 ? 'deep' : [inLists(levels - 1)]);
const inObjects = (levels: number): Json => (levels === 0 ? 'deep' : { in: inObjects(levels - 1) });

const [TIME, NOW] = [Date.UTC(2026, 2, 2), Date.UTC(2026, 2, 2)];

const isStorable = (metadata: unknown) => recordingProblem({ metadata }, TIME, NOW) === undefined;

/** JSON of every kind, with the numbers and names that are likeliest to be lost. */
const metadata = fc
  .dictionary(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('constructor', 'toString', 'a.b', '#a', ':a', 'status', 'S', ' '),
    ),
    fc.oneof(
      fc.jsonValue({ depthSize: 'large', stringUnit: 'binary' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(Number),
      fc.constantFrom('', [], {}, null, 0, -0, 1e-130, -1e-130, 9.99e125, -9.99e125, Number.MAX_SAFE_INTEGER + 1),
    ),
  )
  .filter(isStorable) as fc.Arbitrary<JsonObject>;

describe('metadata that the domain accepts', () => {
  it(`comes back as it was, whatever it is (${DETAILS} drawn with seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(metadata, async (value) => {
        // Canonical JSON is what the hash of an event is made of; it has one zero.
        expect(canonicalJson(await storeAndRead(value))).toBe(canonicalJson(value));
      }),
      { numRuns: DETAILS, seed: SEED },
    );
  }, 120_000);

  it.each([
    ['lists', inLists],
    ['objects', inObjects],
  ])(
    'may be nested in %s as deep as the domain allows, and the domain allows no more than DynamoDB',
    async (_, nested) => {
      // The detail and its metadata are two levels of the 30.
      const deepest = { value: nested(28) };
      expect(isStorable(deepest)).toBe(true);
      expect(isStorable({ value: nested(29) })).toBe(false);

      expect(await storeAndRead(deepest)).toEqual(deepest);
    },
  );

  it('may hold the smallest and the largest numbers, and more than an integer holds exactly', async () => {
    const numbers = [
      1e-130,
      -1e-130,
      9.999999999999998e125,
      -9.999999999999998e125,
      0.1 + 0.2,
      2 ** 53 + 2,
      123456789e100,
    ];
    expect(isStorable(numbers)).toBe(true);
    expect([1e126, -1e126, 9.9e-131, -9.9e-131].filter(isStorable)).toEqual([]);

    expect(await storeAndRead({ numbers })).toEqual({ numbers });
  });

  it('may be nearly as large as an item', async () => {
    const text = '\u20ac'.repeat(130_000);
    expect(await storeAndRead({ text })).toEqual({ text });
  });
});

describe('keys', () => {
  it('may be as long as the contracts allow, of any characters that they allow', async () => {
    const printable = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 0x21 + index));
    const longest = printable.padEnd(128, '~');
    expect(await storeAndRead({}, { event_id: longest, shipment_id: longest })).toEqual({});
  });

  it('may have any time that a Date can hold', async () => {
    expect(await storeAndRead({}, { timestamp: 8.64e15 })).toEqual({});
  });
});

describe('what DynamoDB refuses', () => {
  it.each<[string, JsonObject, string]>([
    ['a number too large', { value: 1e126 }, 'an-id'],
    ['a number too small', { value: 1e-131 }, 'an-id'],
    ['nesting beyond its 32 levels', { value: inLists(32) }, 'an-id'],
    ['an item of more than 400 KB', { text: 'x'.repeat(400 * 1_024) }, 'an-id'],
    ['a key of more than 2,048 bytes', {}, 'x'.repeat(2_049)],
    ['an empty key', {}, ''],
  ])('is rejected, so that it is not retried: %s', async (_, value, event_id) => {
    await expect(storeAndRead(value, { event_id })).rejects.toThrow(Rejected);
  });
});
