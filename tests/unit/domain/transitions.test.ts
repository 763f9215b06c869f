import { STATUSES } from '../../../contracts/statuses';
import { isUnexpectedTransition } from '../../../src/domain/transitions';

const EXPECTED: Record<string, string> = {
  pending: 'in_transit cancelled',
  in_transit: 'out_for_delivery available_for_pickup failed delivered returned',
  out_for_delivery: 'available_for_pickup failed delivered returned',
  available_for_pickup: 'failed delivered returned',
  failed: 'in_transit out_for_delivery available_for_pickup delivered returned cancelled',
};

describe('expected moves', () => {
  it.each(STATUSES.flatMap((from) => STATUSES.map((to) => [from, to] as const)))('%s -> %s', (from, to) => {
    const expected = from === to || (EXPECTED[from] ?? '').split(' ').includes(to);
    expect(isUnexpectedTransition(from, to)).toBe(!expected);
  });
});
