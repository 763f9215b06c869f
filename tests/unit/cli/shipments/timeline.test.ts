import { deliveryEstimateOf, timelineOf } from '../../../../cli/shipments/timeline';
import type { LoggedEvent } from '../../../../publisher/shipment-rows';

const day = (number: number) => Date.UTC(2026, 2, number);
const handled = (minute: number) => new Date(Date.UTC(2026, 2, 20, 0, minute)).toISOString();

/** An event of the given status and day, handled at the given minute. */
const logged = (
  status: LoggedEvent['status'],
  onDay: number,
  atMinute: number,
  changed: Partial<LoggedEvent> = {},
) => ({
  event_id: `e-${onDay}-${atMinute}`,
  shipment_id: 'SHP-1',
  status,
  timestamp: day(onDay),
  detail_type: 'Shipment Status Updated',
  processed_at: handled(atMinute),
  ...changed,
});

const CORRECTION = { detail_type: 'Shipment Status Corrected', reason: 'scanned by mistake' };

const marksOf = (events: readonly LoggedEvent[], current?: LoggedEvent) =>
  timelineOf(events, current).map(({ status, marks }) => [status, ...marks]);

describe('the delivery estimate of a shipment', () => {
  const estimated = (estimated_delivery: string) => ({ estimated_delivery });
  const first = logged('in_transit', 1, 1, estimated('first'));
  const second = logged('in_transit', 2, 2, estimated('second'));
  const out = logged('out_for_delivery', 3, 3);
  const mistake = logged('delivered', 4, 4);
  const corrected = (changed: Partial<LoggedEvent> = {}) => logged('in_transit', 5, 5, { ...CORRECTION, ...changed });
  const later = logged('in_transit', 6, 6, estimated('later'));

  it.each<[title: string, events: LoggedEvent[], estimate: string | null]>([
    ['is that of the latest event, whichever was handled last', [second, first, out], 'second'],
    ['does not exist when no event has one', [out], null],
    ['does not exist for a closed shipment', [first, mistake], null],
    ['is that of an event later than a correction', [first, mistake, later, corrected()], 'later'],
    ['is that of a correction', [first, mistake, corrected(estimated('own'))], 'own'],
    ['is not that of an event before a correction', [first, mistake, corrected()], null],
  ])('%s', (_, events, estimate) => {
    expect(deliveryEstimateOf(timelineOf(events, undefined), events.at(-1))).toBe(estimate);
  });

  it('does not exist before the shipment has a status', () => {
    expect(deliveryEstimateOf(timelineOf([first], undefined), undefined)).toBeNull();
  });
});

describe('the timeline of a corrected shipment', () => {
  const events = [
    logged('in_transit', 1, 1, { estimated_delivery: '2026-03-05T00:00:00.000Z' }),
    logged('delivered', 2, 2, { notified_at: handled(2) }),
    logged('in_transit', 3, 3, { ...CORRECTION, notified_at: handled(3) }),
    logged('out_for_delivery', 4, 4),
    logged('delivered', 5, 5, { notified_at: handled(5) }),
  ] as const;

  it('marks the voided events, and shows the correction and its reason', () => {
    expect(marksOf(events, events[4])).toEqual([
      ['in_transit', 'no longer counts', 'delivery estimated 2026-03-05T00:00:00.000Z'],
      ['delivered', 'no longer counts', `notified ${handled(2)}`],
      ['in_transit', `notified ${handled(3)}`, 'correction: scanned by mistake'],
      ['out_for_delivery'],
      ['delivered', 'current', `notified ${handled(5)}`],
    ]);
    expect(timelineOf(events, events[4]).map(({ reason }) => reason)).toEqual([
      null,
      null,
      CORRECTION.reason,
      null,
      null,
    ]);
  });

  it('shows [redacted] as the reason of a redacted correction', () => {
    const { reason: _, ...redacted } = events[2];
    expect(marksOf([redacted])).toEqual([expect.arrayContaining(['correction: [redacted]'])]);
  });

  it('names the one event that a correction voids and the author, and counts later events', () => {
    const [transit, delivered, , out] = events;
    const voiding = { ...CORRECTION, corrects: 'it; is', corrected_by: 'desk 2', notify: false } as const;

    expect(marksOf([transit, delivered, logged('in_transit', 2, 9, voiding), out], out)).toEqual([
      ['in_transit', 'no longer counts', expect.any(String)],
      ['delivered', 'no longer counts', expect.any(String)],
      ['in_transit', 'late', "correction of 'it; is' by desk 2: scanned by mistake"],
      ['out_for_delivery', 'current'],
    ]);
  });

  it('marks an event that arrives after its correction as late, without a check of its transitions', () => {
    const late = logged('cancelled', 2, 9, { old_status: 'failed', notified_at: handled(9) });

    expect(marksOf([events[2], late])).toEqual([
      ['cancelled', 'late', 'no longer counts', `notified ${handled(9)}`],
      ['in_transit', expect.any(String), expect.any(String)],
    ]);
  });
});

describe('the timeline of a shipment', () => {
  it.each<[title: string, events: LoggedEvent[], marks: string[][]]>([
    [
      'marks events that were handled after a later one, in the order of the events',
      [logged('out_for_delivery', 3, 5), logged('pending', 1, 1), logged('in_transit', 2, 9)],
      [['pending'], ['in_transit', 'late'], ['out_for_delivery']],
    ],
    [
      'puts a closing event last and marks events that happened after it',
      [logged('in_transit', 5, 3), logged('delivered', 4, 2, { notified_at: handled(2) })],
      [
        ['in_transit', 'late', 'after it was closed'],
        ['delivered', `notified ${handled(2)}`],
      ],
    ],
    [
      'marks unexpected transitions, but no repeated status and no first event',
      [logged('in_transit', 1, 1), logged('in_transit', 2, 2), logged('pending', 3, 3)],
      [['in_transit'], ['in_transit'], ['pending', 'unexpected after in_transit']],
    ],
    [
      'marks an event whose producer expected another status',
      [
        logged('pending', 1, 1, { old_status: 'failed' }),
        logged('in_transit', 2, 2, { old_status: 'pending' }),
        logged('out_for_delivery', 3, 3, { old_status: 'pending' }),
      ],
      [['pending'], ['in_transit'], ['out_for_delivery', 'expected pending']],
    ],
    ['marks an event without its notification', [logged('failed', 1, 1)], [['failed', 'not notified']]],
  ])('%s', (_, events, marks) => {
    expect(marksOf(events)).toEqual(marks);
  });
});
