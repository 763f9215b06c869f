import { trackOf } from '../../../demo/track';

const event = (event_id: string, timestamp: number, handledSecond: number, more = {}) => ({
  event_id,
  timestamp,
  shipment_id: 'SHP-1',
  status: 'in_transit',
  process_result: { processed_at: `2026-03-02T10:00:0${handledSecond}.000Z` },
  ...more,
});

describe('a shipment’s track', () => {
  it('is in the order of the events, marks the current one, those that came late and those that were notified', () => {
    const log = [
      event('c', 3, 1, { notified_at: 'then' }),
      event('a', 1, 0, { process_result: { processed_at: '2026-03-02T10:00:00.000Z', estimated_delivery: 'soon' } }),
      event('b', 2, 2),
      event('x', 2, 2, { shipment_id: 'SHP-2' }),
    ];

    const track = trackOf({ shipment_id: 'SHP-1', event_id: 'c', timestamp: 3, status: 'in_transit' }, log);

    expect(track[0]?.estimated_delivery).toBe('soon');
    expect(track.map(({ event_id, current, late, notified_at }) => [event_id, current, late, notified_at])).toEqual([
      ['a', false, false, null],
      ['b', false, true, null],
      ['c', true, false, 'then'],
    ]);
  });
});
