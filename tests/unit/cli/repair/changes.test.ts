import { assigned, assignmentOf, differences } from '../../../../cli/repair/changes';
import type { JsonObject } from '../../../../src/domain/json';

const EVENT: JsonObject = {
  'detail-type': 'Shipment Status Updated',
  detail: { shipment_id: 'SHP-1', status: 'in_transti', metadata: { lines: [{ kg: 1 }, { kg: 2 }] } },
};

const change = (text: string) => assigned(EVENT, assignmentOf(text));

describe('an assignment', () => {
  it.each([
    ['detail.status=in_transit', 'detail.status', 'in_transti', 'in_transit'],
    ['detail.metadata.lines.1.kg=2.5', 'detail.metadata.lines.1.kg', 2, 2.5],
    ['detail.event_id="42"', 'detail.event_id', undefined, '42'],
    ['detail.old_status=null', 'detail.old_status', undefined, null],
    ['detail.metadata.to.city=a=b', 'detail.metadata.to', undefined, { city: 'a=b' }],
    ['detail-type=Shipment Created', 'detail-type', 'Shipment Status Updated', 'Shipment Created'],
    ['detail.metadata.lines.0=', 'detail.metadata.lines.0', { kg: 1 }, ''],
    ['detail.__proto__=1', 'detail.__proto__', undefined, 1],
  ])('%s changes one field', (text, field, was, becomes) => {
    expect(differences(EVENT, change(text))).toEqual([{ field, was, becomes }]);
  });

  it.each([
    ['status=in_transit', 'give a field and its value, like detail.status=in_transit'],
    ['id=e-1', 'give a field and its value'],
    ['detail.status', 'give a field and its value'],
    ['detail..status=x', 'give a field and its value'],
    ['detail.weight=340123450000000016', 'which is read as 340123450000000000: send it as a string'],
    ['detail.metadata={"a":1,"a":2}', 'a is there twice, and only the last would be read'],
    ['detail.status.x=1', 'there is no x in it'],
    ['detail.metadata.lines.2.kg=1', 'there is no 2 in it'],
    ['detail.metadata.lines[1].kg=1', 'there is no lines[1] in it; a place in a list is lines.1'],
  ])('%s is refused', (text, message) => {
    expect(() => change(text)).toThrow(message);
  });
});

it('equal values have no difference', () => {
  expect(differences(EVENT, structuredClone(EVENT))).toEqual([]);
});
