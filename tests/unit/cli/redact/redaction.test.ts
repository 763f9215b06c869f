import { isAbout } from '../../../../cli/redact/redaction';
import type { Json } from '../../../../src/domain/json';

const shipment = (id: string) => ({ name: 'shipment_id', id }) as const;
const eventOf = (detail: Json, id = 'envelope-1') => ({ version: '0', id, source: 'logistics.shipment', detail });

describe('isAbout', () => {
  it.each<[string, Json]>([
    ['in the detail', eventOf({ shipment_id: 'SHP-1' })],
    ['anywhere in an error event', eventOf({ error_type: 'x', details: { parcels: [{ of: 'SHP-1' }] } })],
    ['in JSON in a text', eventOf({ error_message: '{"shipment_id": "SHP-1"}' })],
    ['in a broken body', '{"shipment_id": "SHP-1", "detail": '],
    ['in escaped JSON in a broken body', '{"Detail": "{\\"shipment_id\\":\\"SHP-1\\"}"'],
  ])('finds the shipment %s', (_, event) => {
    expect(isAbout(shipment('SHP-1'), event)).toBe(true);
  });

  it.each<[string, string, Json]>([
    ['of which the id only begins with this id', 'SHP-1', eventOf({ shipment_id: 'SHP-10' })],
    ['of which only the envelope has the id', '0', eventOf({ shipment_id: 'SHP-1' })],
    ['in a text without ids', 'SHP-1', 'not an event'],
  ])('does not find a shipment %s', (_, id, event) => {
    expect(isAbout(shipment(id), event)).toBe(false);
  });

  it('finds an event without an event_id by the id of its envelope', () => {
    expect(isAbout({ name: 'event_id', id: 'envelope-1' }, eventOf({}))).toBe(true);
    expect(isAbout({ name: 'event_id', id: 'envelope-2' }, eventOf({}))).toBe(false);
  });
});
