/** Limits of an event: DynamoDB stores everything that the domain accepts unchanged, and what it refuses is rejected. */
import fc from 'fast-check';
import {
  inLists,
  inObjects,
  LONGEST_ID,
  REFUSED,
  STORED,
  storeAndRead as storeAndReadEvent,
} from '../../../cli/conformance/dynamodb-cases';
import { recordingProblem } from '../../../contracts/storable';
import { Rejected } from '../../../src/domain/failures';
import { canonicalJson, type Json, type JsonObject } from '../../../src/domain/json';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { aShipmentEvent } from '../../support/builders/events';
import { databaseOfFile } from '../../support/database';
import { EXHAUSTIVE, SEED } from '../../support/sample';

const DETAILS = EXHAUSTIVE ? 1_000 : 200;

const database = databaseOfFile();
let events = 0;

/** Stores an event with this metadata and reads the metadata back, with numbers as JavaScript has them. */
async function storeAndRead(metadata: JsonObject, overrides: Partial<ShipmentEvent> = {}): Promise<Json> {
  events += 1;
  const event = aShipmentEvent({ event_id: `event-${events}`, metadata, ...overrides });
  return storeAndReadEvent(database().db, database().tables.shipmentEvents, event);
}

const [TIME, NOW] = [Date.UTC(2026, 2, 2), Date.UTC(2026, 2, 2)];

const isStorable = (metadata: unknown) => recordingProblem({ metadata }, TIME, NOW) === undefined;

/** JSON of every kind, with the numbers and names that are most likely to be lost. */
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
  it(`is read back unchanged (${DETAILS} drawn with seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(metadata, async (value) => {
        // Canonical JSON, of which the hash is computed, has only one zero.
        expect(canonicalJson(await storeAndRead(value))).toBe(canonicalJson(value));
      }),
      { numRuns: DETAILS, seed: SEED },
    );
  }, 120_000);

  it('is not deeper than DynamoDB allows, and has no number outside its range', () => {
    const refused = [{ value: inLists(29) }, { value: inObjects(29) }, 1e126, -1e126, 9.9e-131, -9.9e-131];
    expect(refused.filter(isStorable)).toEqual([]);
  });

  it.each(Object.entries(STORED))('is read back unchanged at the limits: %s', async (_, value) => {
    expect(isStorable(value)).toBe(true);
    expect(await storeAndRead(value)).toEqual(value);
  });
});

describe('keys', () => {
  it('may have the length and characters that the contracts allow', async () => {
    expect(await storeAndRead({}, { event_id: LONGEST_ID, shipment_id: LONGEST_ID })).toEqual({});
  });

  it('may have any time that a Date can hold', async () => {
    expect(await storeAndRead({}, { timestamp: 8.64e15 })).toEqual({});
  });
});

describe('an event that DynamoDB refuses', () => {
  it.each(REFUSED)('is rejected and so not retried: %s', async (_, value, event_id) => {
    await expect(storeAndRead(value, { event_id })).rejects.toThrow(Rejected);
  });
});
