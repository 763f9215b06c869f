import { isAbout } from '../../../../cli/redact/redaction';
import type { Json } from '../../../../src/domain/json';

const shipment = (id: string) => ({ name: 'shipment_id', id }) as const;
const eventOf = (detail: Json, id = 'envelope-1') => ({ version: '0', id, source: 'logistics.shipment', detail });

describe('an event is about a shipment', () => {
  it.each<[string, Json]>([
    ['that its detail names', eventOf({ shipment_id: 'SHP-1' })],
    ['that an error event names somewhere', eventOf({ error_type: 'x', details: { parcels: [{ of: 'SHP-1' }] } })],
    ['that JSON in one of its texts names', eventOf({ error_message: '{"shipment_id": "SHP-1"}' })],
    ['that a body names which is no event', '{"shipment_id": "SHP-1", "detail": '],
    ['that a body names which holds JSON as text', '{"Detail": "{\\"shipment_id\\":\\"SHP-1\\"}"'],
  ])('%s', (_, event) => {
    expect(isAbout(shipment('SHP-1'), event)).toBe(true);
  });

  it.each<[string, string, Json]>([
    ['whose id only begins like its own', 'SHP-1', eventOf({ shipment_id: 'SHP-10' })],
    ['whose id stands in its envelope only', '0', eventOf({ shipment_id: 'SHP-1' })],
    ['that it does not name', 'SHP-1', 'not an event'],
  ])('but not about one %s', (_, id, event) => {
    expect(isAbout(shipment(id), event)).toBe(false);
  });
});

it('an event without an id of its own is found by its envelope’s', () => {
  expect(isAbout({ name: 'event_id', id: 'envelope-1' }, eventOf({}))).toBe(true);
  expect(isAbout({ name: 'event_id', id: 'envelope-2' }, eventOf({}))).toBe(false);
});
