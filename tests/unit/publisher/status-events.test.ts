import { parseShipmentStalled, parseStatusChanged } from '../../../publisher/status-events';
import { stalledOf } from '../../../src/domain/stalled';
import { statusChangeOf } from '../../../src/domain/status-change';
import { aShipmentEvent } from '../../support/builders/events';
import { aRow } from '../../support/builders/stream-records';

const row = aRow(aShipmentEvent());
const changed = statusChangeOf({}, row);
const stalled = stalledOf(row, row.timestamp + 4 * 86_400_000);

describe.each([
  ['Shipment Status Changed', parseStatusChanged, changed],
  ['Shipment Stalled', parseShipmentStalled, stalled],
])('the parser of %s', (detailType, parse: (received: unknown) => object, detail) => {
  const event = { source: 'logistics.status', 'detail-type': detailType, detail };

  it('returns the detail that a function puts on the bus, from an object or a text', () => {
    expect(parse(event)).toEqual(detail);
    expect(parse(JSON.stringify(event))).toEqual(detail);
  });

  it('drops unknown fields', () => {
    expect(parse({ ...event, detail: { ...detail, later: 1 } })).toEqual(detail);
  });

  it.each([
    [{ ...event, source: 'logistics.shipment' }, 'source'],
    [{ ...event, 'detail-type': 'Shipment Lost' }, 'detail-type'],
    [{ ...event, detail: { ...detail, event_id: 7 } }, 'detail.event_id'],
    [null, 'the event'],
  ])('throws for another event (%#), naming the field', (received, field) => {
    expect(() => parse(received)).toThrow(`no ${detailType}: ${field}: `);
  });
});
