import fc from 'fast-check';
import { type FailedEvent, failureGroupOf } from '../../../src/domain/failure-group';
import { codePoint } from '../../support/fuzz/json-text';

const failedEvent = (error_message: string, overrides: Partial<FailedEvent> = {}): FailedEvent => ({
  function_name: 'logistics-status-updater-dev',
  error_type: 'transient',
  error_message,
  ...overrides,
});

const groupOf = (message: string, overrides?: Partial<FailedEvent>) =>
  failureGroupOf(failedEvent(message, overrides)).group;

describe('failures of one cause are in one group', () => {
  it.each([
    ['ids', 'event nordfreight-000918273 is on record', 'event parcelco-44 is on record'],
    ['numbers', 'detail.lines[3].kg is 1e400', 'detail.lines[12].kg is -7.25e401'],
    ['times', 'at 2026-03-01T09:30:00.000Z: too late', 'at 2026-11-28T00:00:00+02:00: too late'],
    ['quoted values', 'unexpected "a \\"b\\" c", see `x`', 'unexpected "", see `y z`'],
    ['values in single quotes', "the value 'Ann' isn't known", "the value 'Bob and Ann' isn't known"],
    ['ARNs', 'not authorized on arn:aws:sns:us-east-1:111122223333:t', 'not authorized on arn:aws:sns:eu-west-1:444:u'],
  ])('whatever their %s', (_, one, other) => {
    expect(groupOf(one)).toBe(groupOf(other));
  });

  it('whatever the ids of their events, also without a digit', () => {
    const groupWithId = (event_id: string, message: string) => groupOf(message, { event_id });

    expect(groupWithId('alpha', 'event alpha is unknown')).toBe(groupWithId('beta', 'event beta is unknown'));
    expect(groupWithId('alpha', 'event alpha of alphax')).not.toBe(groupWithId('beta', 'event beta of betax'));
  });
});

describe('failures are in different groups', () => {
  it.each<[string, FailedEvent]>([
    ['function', failedEvent('x', { function_name: 'logistics-shipment-processor-dev' })],
    ['type', failedEvent('x', { error_type: 'rejected' })],
    ['message', failedEvent('y')],
    ['source, which is none of our functions', { error_type: 'transient', error_message: 'x' }],
  ])('by their %s', (_, other) => {
    expect(failureGroupOf(other).group).not.toBe(groupOf('x'));
  });

  it('by the words around a removed value', () => {
    expect(groupOf("the function's table can't take 5")).not.toBe(groupOf("the function's topic can't take 5"));
  });
});

it('gives any message a group, whose shape is short and has no digit', () => {
  fc.assert(
    fc.property(fc.string({ unit: codePoint, maxLength: 300 }), (message) => {
      const { group, shape } = failureGroupOf(failedEvent(message));
      expect(group).toMatch(/^[\da-f]{12}$/);
      expect(shape.length).toBeLessThanOrEqual(200);
      expect(shape).not.toMatch(/\d/);
    }),
  );
});
