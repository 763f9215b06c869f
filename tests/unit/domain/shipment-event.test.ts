import { createHash } from 'node:crypto';
import { parseInstant } from '../../../contracts/rfc3339';
import { readEnvelope } from '../../../src/domain/envelope';
import { canonicalJson, type Json } from '../../../src/domain/json';
import { processResultOf } from '../../../src/domain/process-result';
import { hasContentOf, type ShipmentDetail, shipmentEventOf } from '../../../src/domain/shipment-event';
import { anEnvelope, aShipmentEvent } from '../../support/builders/events';

const NOW = Date.UTC(2026, 2, 2, 9);

const read = (detail: Record<string, unknown> = {}, envelope: Record<string, unknown> = {}, now = NOW) => {
  const input = anEnvelope(envelope, detail);
  return shipmentEventOf(readEnvelope(input), input.detail as unknown as ShipmentDetail, now);
};

describe('identity', () => {
  it('is the envelope’s when the producer sends none', () => {
    expect(read()).toMatchObject({ event_id: 'envelope-1', timestamp: Date.UTC(2026, 2, 2, 8) });
  });

  it('is the producer’s when the detail has it', () => {
    const event = read({ event_id: 'mine', occurred_at: '2026-03-01T10:00:00.4567+02:00' });
    expect(event).toMatchObject({ event_id: 'mine', timestamp: Date.UTC(2026, 2, 1, 8, 0, 0, 456) });
  });

  it('does not depend on the clock', () => {
    expect(read({}, {}, NOW + 86_400_000)).toEqual(read());
  });
});

describe('times', () => {
  it('may be at most 15 minutes in the future', () => {
    expect(() => read({}, { time: '2026-03-02T09:15:01Z' })).toThrow(/^time is more than 15 minutes in the future/);
    expect(read({}, { time: '2026-03-02T09:15:00Z' }).timestamp).toBe(NOW + 900_000);
  });

  // Which times are refused is compared with the published schema, in tests/unit/contracts/schemas.fuzz.test.ts.
  it.each([
    ['2024-02-29T23:59:59.9999999Z', Date.UTC(2024, 1, 29, 23, 59, 59, 999)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['2026-03-01t10:00:00-05:30', Date.UTC(2026, 2, 1, 15, 30)],
  ])('are read from %s', (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });
});

describe('the payload hash', () => {
  it('does not depend on the order of keys or the envelope', () => {
    const one = read({ metadata: { a: 1, b: 2 } });
    const other = read({ metadata: { b: 2, a: 1 } }, { id: 'another', time: '2026-03-02T08:30:00Z' });
    expect(other.payload_hash).toBe(one.payload_hash);
    expect(one.payload_hash).toMatch(/^2:[0-9a-f]{64}$/);
  });

  it.each(['2026-03-02T08:00:00.000Z', '2026-03-02T09:00:00+01:00', '2026-03-02T08:00:00.0004Z'])(
    'is the same when the instant is written as %s',
    (occurred_at) => {
      const one = read({ event_id: 'e', occurred_at: '2026-03-02T08:00:00Z' });
      const other = read({ event_id: 'e', occurred_at });
      expect([other.timestamp, other.payload_hash]).toEqual([one.timestamp, one.payload_hash]);
    },
  );

  describe('of a stored row', () => {
    const detail = { event_id: 'e', occurred_at: '2026-03-02T08:00:00Z', metadata: { a: 1 } };
    const hashOf = (content: Json) => createHash('sha256').update(canonicalJson(content)).digest('hex');
    const versionOne = (overrides = {}) =>
      `1:${hashOf({ 'detail-type': 'Shipment Status Updated', detail: { shipment_id: 'SHP-1', status: 'in_transit', ...detail, ...overrides } })}`;

    it('is compared by the scheme of its version', () => {
      const event = read(detail);

      expect(hasContentOf(event.payload_hash, event)).toBe(true);
      expect(hasContentOf(versionOne(), event)).toBe(true);
      expect(hasContentOf(versionOne({ metadata: {} }), event)).toBe(false);
      expect(hasContentOf(read({ ...detail, metadata: {} }).payload_hash, event)).toBe(false);
      // Version 1 covered the whole detail, and so the way in which the instant is written.
      expect(hasContentOf(versionOne({ occurred_at: '2026-03-02T09:00:00+01:00' }), event)).toBe(false);
    });

    it('of a later release is an error, not a conflict', () => {
      expect(() => hasContentOf('3:abc', read(detail))).toThrow('is of a later release (3:abc): deploy that release');
    });
  });

  it('differs with any field, known or not', () => {
    const hashes = [{}, { extra: 1 }, { metadata: {} }, { status: 'failed' }].map(
      (detail) => read(detail).payload_hash,
    );
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

it('keeps metadata as received, whatever its keys', () => {
  const metadata = { constructor: 'x', prototype: [1], nested: { toString: null } };
  expect(read({ metadata }).metadata).toEqual(metadata);
});

describe('the process result', () => {
  it('estimates the delivery of a shipment in transit', () => {
    const metadata = { origin: 'a', destination: 'b', carrier: 'c', estimated_days: 1.5 };
    expect(processResultOf(aShipmentEvent({ metadata }), NOW)).toEqual({
      processed_at: '2026-03-02T09:00:00.000Z',
      validations: ['status_valid', 'origin_present', 'destination_present', 'carrier_present'],
      estimated_delivery: '2026-03-03T20:00:00.000Z',
    });
  });

  it('has no estimate in any other status', () => {
    const event = aShipmentEvent({ status: 'pending', metadata: { estimated_days: 1 } });
    expect(processResultOf(event, NOW)).not.toHaveProperty('estimated_delivery');
  });
});
