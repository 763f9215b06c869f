import { isUnexpectedTransition } from '../../../src/domain/transitions';

it.each([
  ['pending', 'in_transit', false],
  ['failed', 'out_for_delivery', false],
  ['in_transit', 'in_transit', false],
  ['delivered', 'delivered', false],
  ['in_transit', 'pending', true],
  ['pending', 'delivered', true],
  ['delivered', 'in_transit', true],
] as const)('%s -> %s is unexpected: %s', (from, to, unexpected) => {
  expect(isUnexpectedTransition(from, to)).toBe(unexpected);
});
