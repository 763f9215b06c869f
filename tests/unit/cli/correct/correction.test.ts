import { correctionAsOf, effectOf, voidingOf } from '../../../../cli/correct/correction';
import type { LoggedEvent } from '../../../../publisher/shipment-rows';

const at = (minute: number) => Date.UTC(2026, 2, 2, 8, minute);

const logged = (
  event_id: string,
  status: LoggedEvent['status'],
  minute: number,
  changed: Partial<LoggedEvent> = {},
) => ({
  event_id,
  status,
  shipment_id: 'SHP-1',
  timestamp: at(minute),
  detail_type: 'Shipment Status Updated',
  processed_at: '2026-03-02T09:00:00.000Z',
  ...changed,
});

const transit = logged('transit', 'in_transit', 0);
const delivered = logged('delivered', 'delivered', 10);
const scanned = logged('scanned', 'out_for_delivery', 20);
const corrected = logged('corrected', 'failed', 15, { detail_type: 'Shipment Status Corrected', reason: 'x' });

describe('a correction as of now', () => {
  it('sets the status at this millisecond, and voids all earlier events', () => {
    const planned = correctionAsOf(at(30), 'in_transit', [transit, delivered], () => '');

    expect(planned).toEqual({ status: 'in_transit', timestamp: at(30) });
    expect(effectOf(planned, 'c', [transit, delivered], {})).toEqual({
      before: 'delivered',
      after: 'in_transit',
      voids: [transit, delivered],
    });
  });

  it('is refused while a later event counts, with the command that voids that event', () => {
    const suggest = (id: string) => `correct --void ${id}`;

    expect(() => correctionAsOf(at(19), 'pending', [transit, scanned], suggest)).toThrow(
      'event scanned (out_for_delivery) is stamped 2026-03-02T08:20:00.000Z, later than now, and would still count. If it is the mistake: `correct --void scanned`',
    );
    expect(correctionAsOf(at(20), 'pending', [transit, scanned], suggest).timestamp).toBe(at(20));
  });
});

describe('a correction that voids one event', () => {
  it('has the time of the event, and the status that the log has at that time without the event', () => {
    const planned = voidingOf('delivered', undefined, [scanned, delivered, transit]);

    expect(planned).toEqual({ status: 'in_transit', timestamp: at(10), corrects: 'delivered' });
    expect(effectOf(planned, 'c', [scanned, delivered, transit], {})).toEqual({
      before: 'delivered',
      after: 'out_for_delivery',
      voids: [delivered, transit],
    });
  });

  it('has the status of an earlier correction', () => {
    const events = [transit, delivered, corrected, logged('late', 'returned', 30)];

    expect(voidingOf('late', undefined, events)).toMatchObject({ status: 'failed', timestamp: at(30) });
  });

  it('has the status that is given', () => {
    expect(voidingOf('delivered', 'returned', [transit, delivered]).status).toBe('returned');
  });

  it.each([
    ['unknown', [transit], 'the shipment has no event unknown in the log'],
    ['transit', [transit, delivered], 'event transit is the first of the shipment: without it the log gives no status'],
    ['delivered', [delivered, corrected], 'event delivered does not count any more, since the correction corrected of'],
    ['corrected', [delivered, corrected], 'event corrected is a correction: correct the status again as of now'],
    ['transit', [transit, { ...transit, timestamp: at(9) }], 'the shipment has several events transit, of 2026-'],
  ])('is refused of %s among %j', (id, events, problem) => {
    expect(() => voidingOf(id, undefined, events)).toThrow(problem);
  });

  it('shows the status of the row when the index of the log is behind', () => {
    const planned = voidingOf('transit', 'pending', [transit]);

    expect(effectOf(planned, 'c', [transit], { closed: delivered })).toMatchObject({
      before: 'delivered',
      after: 'delivered',
    });
  });
});
