import { isUnexpectedTransition } from '../../../src/domain/transitions';

it.each([
  ['pending', 'in_transit', false],
  ['in_transit', 'in_transit', false],
  ['in_transit', 'pending', true],
] as const)('%s -> %s is unexpected: %s', (from, to, unexpected) => {
  expect(isUnexpectedTransition(from, to)).toBe(unexpected);
});
