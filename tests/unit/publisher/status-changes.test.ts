import { parseStatusChanged } from '../../../publisher/status-changes';
import { statusChangeOf } from '../../../src/domain/status-change';
import { aShipmentEvent } from '../../support/builders/events';
import { aRow } from '../../support/builders/stream-records';

const detail = statusChangeOf({}, aRow(aShipmentEvent()));
const event = { source: 'logistics.status', 'detail-type': 'Shipment Status Changed', detail };

describe('parseStatusChanged', () => {
  it('reads what the status publisher puts on the bus, as an object or as text', () => {
    expect(parseStatusChanged(event)).toEqual(detail);
    expect(parseStatusChanged(JSON.stringify(event))).toEqual(detail);
  });

  it('leaves out fields that it does not know', () => {
    expect(parseStatusChanged({ ...event, detail: { ...detail, later: 1 } })).toEqual(detail);
  });

  it.each([
    [{ ...event, source: 'logistics.shipment' }, 'source'],
    [{ ...event, detail: { ...detail, version: 7 } }, 'detail.version'],
    [null, 'the event'],
  ])('refuses what is none (%#), and names the field', (received, field) => {
    expect(() => parseStatusChanged(received)).toThrow(`no Shipment Status Changed: ${field}: `);
  });
});
