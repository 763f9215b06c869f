import { deliveryEstimateOf, timelineOf } from '../../../../cli/shipments/timeline';
import { type LoggedEvent, readLoggedEvent } from '../../../../publisher/shipment-rows';

const day = (number: number) => Date.UTC(2026, 2, number);
const handled = (minute: number) => new Date(Date.UTC(2026, 2, 20, 0, minute)).toISOString();

let count = 0;
/** An event of the given status and day, handled at the given minute. */
function logged(
  status: LoggedEvent['status'],
  onDay: number,
  atMinute: number,
  more: Partial<LoggedEvent> = {},
): LoggedEvent {
  count += 1;
  const detail_type = 'Shipment Status Updated';
  return {
    event_id: `e-${count}`,
    shipment_id: 'SHP-1',
    status,
    timestamp: day(onDay),
    detail_type,
    processed_at: handled(atMinute),
    ...more,
  };
}

const marksOf = (events: readonly LoggedEvent[], current?: LoggedEvent) =>
  timelineOf(events, current).map(({ status, marks }) => [status, ...marks]);

describe('the delivery estimate of a shipment', () => {
  const first = logged('in_transit', 1, 1, { estimated_delivery: '2026-03-05T00:00:00.000Z' });
  const second = logged('in_transit', 2, 2, { estimated_delivery: '2026-03-07T00:00:00.000Z' });
  const out = logged('out_for_delivery', 3, 3);
  const estimateOf = (...events: LoggedEvent[]) => deliveryEstimateOf(timelineOf(events, undefined), events.at(-1));

  it('is the latest, whatever was handled last', () => {
    expect([estimateOf(second, first, out), estimateOf(first), estimateOf(out)]).toEqual([
      second.estimated_delivery,
      first.estimated_delivery,
      null,
    ]);
  });

  it('is none of a shipment that is closed, or has no status yet', () => {
    expect(estimateOf(first, logged('delivered', 4, 4))).toBeNull();
    expect(deliveryEstimateOf(timelineOf([first], undefined), undefined)).toBeNull();
  });

  it('is of what counts after a correction: its own estimate, or a later one', () => {
    const corrected = (more: Partial<LoggedEvent> = {}) =>
      logged('in_transit', 5, 5, { detail_type: 'Shipment Status Corrected', ...more });
    const mistake = logged('delivered', 4, 4);
    const later = logged('in_transit', 6, 6, { estimated_delivery: '2026-03-08T00:00:00.000Z' });
    const own = { estimated_delivery: '2026-03-07T12:00:00.000Z' };

    expect(estimateOf(first, mistake, later, corrected())).toBe(later.estimated_delivery);
    expect(estimateOf(first, mistake, corrected(own))).toBe(own.estimated_delivery);
    expect(estimateOf(first, mistake, corrected())).toBeNull();
  });
});

describe('the timeline of a corrected shipment', () => {
  const corrected = { detail_type: 'Shipment Status Corrected', reason: 'scanned by mistake' };
  const story = [
    logged('in_transit', 1, 1, { estimated_delivery: '2026-03-05T00:00:00.000Z' }),
    logged('delivered', 2, 2, { notified_at: handled(2) }),
    logged('in_transit', 3, 3, { ...corrected, notified_at: handled(3) }),
    logged('out_for_delivery', 4, 4),
    logged('delivered', 5, 5, { notified_at: handled(5) }),
  ] as const;

  it('reads as what happened: what no longer counts, why, and what came after it', () => {
    expect(marksOf(story, story[4])).toEqual([
      ['in_transit', 'no longer counts', 'delivery estimated 2026-03-05T00:00:00.000Z'],
      ['delivered', 'no longer counts', `notified ${handled(2)}`],
      ['in_transit', `notified ${handled(3)}`, 'correction: scanned by mistake'],
      ['out_for_delivery'],
      ['delivered', 'current', `notified ${handled(5)}`],
    ]);
    expect(timelineOf(story, story[4]).map(({ reason }) => reason)).toEqual([null, null, corrected.reason, null, null]);
  });

  it('says of a correction whose row was redacted that its reason was', () => {
    const { reason: _, ...redacted } = corrected;
    expect(marksOf([logged('in_transit', 3, 3, redacted)], undefined)).toEqual([
      expect.arrayContaining(['correction: [redacted]']),
    ]);
  });

  it('names the event that was voided alone and who corrected it, and lets later events stand', () => {
    const more = { ...corrected, corrects: 'it; is', corrected_by: 'desk 2', notify: false } as const;
    const events = [story[0], story[1], logged('in_transit', 2, 9, more), story[3]];

    expect(marksOf(events, story[3])).toEqual([
      ['in_transit', 'no longer counts', expect.any(String)],
      ['delivered', 'no longer counts', expect.any(String)],
      ['in_transit', 'late', "correction of 'it; is' by desk 2: scanned by mistake"],
      ['out_for_delivery', 'current'],
    ]);
  });

  it('marks an event that arrives after the correction that voids it as late, and judges no transition to or from it', () => {
    const late = logged('cancelled', 2, 9, { old_status: 'failed', notified_at: handled(9) });

    expect(marksOf([story[2], late])).toEqual([
      ['cancelled', 'late', 'no longer counts', `notified ${handled(9)}`],
      ['in_transit', expect.any(String), expect.any(String)],
    ]);
  });
});

describe('the timeline of a shipment', () => {
  it('stands in the order of its events, in any order of delivery', () => {
    const events = [logged('out_for_delivery', 3, 1), logged('pending', 1, 2), logged('in_transit', 2, 3)];

    expect(timelineOf(events, undefined).map(({ status }) => status)).toEqual([
      'pending',
      'in_transit',
      'out_for_delivery',
    ]);
  });

  it('marks the event that decides, by the whole of its identity', () => {
    const events = [logged('pending', 1, 1), logged('in_transit', 2, 2)];

    expect(marksOf(events, events[1])).toEqual([['pending'], ['in_transit', 'current']]);
  });

  it('marks what came after a later event was handled, and nothing that only came in order', () => {
    const events = [logged('pending', 1, 1), logged('in_transit', 2, 9), logged('out_for_delivery', 3, 5)];

    expect(marksOf(events)).toEqual([['pending'], ['in_transit', 'late'], ['out_for_delivery']]);
  });

  it('puts a closed status last and says which events happened after it', () => {
    const events = [logged('in_transit', 5, 3), logged('delivered', 4, 2, { notified_at: handled(2) })];

    expect(marksOf(events)).toEqual([
      ['in_transit', 'late', 'after it was closed'],
      ['delivered', `notified ${handled(2)}`],
    ]);
  });

  it('marks moves that the statuses do not list, but no repeated status and no first event', () => {
    const events = [logged('in_transit', 1, 1), logged('in_transit', 2, 2), logged('pending', 3, 3)];

    expect(marksOf(events)).toEqual([['in_transit'], ['in_transit'], ['pending', 'unexpected after in_transit']]);
  });

  it('marks a producer that believed another status', () => {
    const events = [
      logged('pending', 1, 1, { old_status: 'failed' }),
      logged('in_transit', 2, 2, { old_status: 'pending' }),
      logged('out_for_delivery', 3, 3, { old_status: 'pending' }),
    ];

    expect(marksOf(events)).toEqual([['pending'], ['in_transit'], ['out_for_delivery', 'expected pending']]);
  });

  it('says when a notification should have been sent and was not', () => {
    expect(marksOf([logged('failed', 1, 1)])).toEqual([['failed', 'not notified']]);
  });
});

describe('a row of the log', () => {
  it('with a status this version does not know is named, not shown wrongly', () => {
    const row = { event_id: { S: 'e' }, timestamp: { N: '1' }, status: { S: 'teleported' } };

    expect(() => readLoggedEvent(row)).toThrow('a row has the status "teleported": its reader is older than the stack');
  });
});
