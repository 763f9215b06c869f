import { differences } from '../../../../demo/page/shuffle/compare';
import type { Delivered } from '../../../../demo/page/shuffle/deliver';

const row = (event_id: string, overrides = {}) => ({
  event_id,
  status: 'failed',
  notified_at: '2026-03-02T10:00:00.000Z',
  process_result: { processed_at: '2026-03-02T10:00:00.000Z', validations: ['status_valid'] },
  ...overrides,
});

const delivered = (overrides: Partial<Delivered> = {}): Delivered => ({
  writes: [],
  log: [row('e-1'), row('e-2')],
  current: { status: 'delivered', version: '1#2' },
  notified: ['e-1', 'e-2'],
  ...overrides,
});

describe('the rows of two deliveries', () => {
  it('are the same when only key order, times of handling and message order differ', () => {
    const later = { processed_at: '2026-03-02T11:00:00.000Z', validations: ['status_valid'] };
    const other = delivered({
      log: [row('e-2', { notified_at: '2026-03-02T11:00:00.000Z', process_result: later }), row('e-1')],
      current: { version: '1#2', status: 'delivered' },
      notified: ['e-2', 'e-1'],
    });

    expect(differences(delivered(), other)).toEqual([]);
  });

  it.each([
    ['a lost row', { log: [row('e-1')] }, 'the log rows of e-2 differ'],
    ['a duplicate row', { log: [row('e-1'), row('e-2'), row('e-2')] }, 'the log rows of e-2 differ'],
    ['other content', { log: [row('e-1', { status: 'pending' }), row('e-2')] }, 'the log rows of e-1 differ'],
    [
      'no notification mark',
      { log: [row('e-1', { notified_at: undefined }), row('e-2')] },
      'the log rows of e-1 differ',
    ],
    ['another status', { current: { status: 'pending', version: '0#1' } }, 'the status rows differ'],
    ['a duplicate message', { notified: ['e-1', 'e-1', 'e-2'] }, 'the notifications differ'],
  ])('differ by %s', (_, overrides, line) => {
    expect(differences(delivered(), delivered(overrides))).toEqual([line]);
  });
});
