import { failureOf, rowNamedBy } from '../../../src/domain/failure-row';
import { Rejected } from '../../../src/domain/failures';
import { anEnvelope } from '../../support/builders/events';

const FUNCTION = 'logistics-status-updater-dev';

describe('the row of a failure', () => {
  it.each([null, undefined, {}, { id: 'has spaces' }])(
    'is named by a digest of an input without identity: %j',
    (input) => {
      const failure = failureOf(input, new Error('x'), FUNCTION);
      expect(failure.error_id).toMatch(/^logistics-status-updater-dev\/sha256:[0-9a-f]{64}$/);
      expect(failure.timestamp).toBe(0);
      expect(failureOf(input, new Error('y'), FUNCTION).error_id).toBe(failure.error_id);
    },
  );

  it('has an id for an input nested deeper than the stack', () => {
    const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect(failureOf(deep, new Error('x'), FUNCTION).error_id).toMatch(/sha256:/);
  });

  it('is bounded for a large event and a long message', () => {
    const failure = failureOf(anEnvelope({}, { note: 'n'.repeat(100_000) }), new Error('m'.repeat(5_000)), FUNCTION);
    expect(failure.error_message).toHaveLength(1_000);
    expect(Buffer.byteLength(failure.event)).toBeLessThanOrEqual(64 * 1_024);
    expect(failure.event).toMatch(/\[cut: \d+ bytes in all\]$/);
    // The message of a rejection goes to Lambda's log as well.
    expect(new Rejected('m'.repeat(5_000)).message).toHaveLength(1_000);
  });

  it('has no half of a surrogate pair, which DynamoDB and the bus would refuse', () => {
    const { error_message } = failureOf({}, new Rejected(`${'a'.repeat(999)}😀`), FUNCTION);
    expect(error_message).toBe('a'.repeat(999));
    expect(failureOf({}, new Error('of \ud83d'), FUNCTION).error_message).toBe('Error: of \ufffd');
  });

  it('is transient for a thrown string', () => {
    expect(failureOf({}, 'down', FUNCTION)).toMatchObject({ error_type: 'transient', error_message: 'thrown: "down"' });
  });
});

describe('the row that an error event names', () => {
  const detail = { error_id: `${FUNCTION}/abc`, error_timestamp: 5, function_name: FUNCTION };

  it.each(['abc', `sha256:${'0a'.repeat(32)}`])('is accepted when its id is one of our functions and %s', (id) => {
    const error_id = `${FUNCTION}/${id}`;
    expect(rowNamedBy({ ...detail, error_id }, 'dev')).toEqual({ error_id, timestamp: 5 });
  });

  it.each([
    ['another environment', { ...detail, function_name: 'logistics-status-updater-prod' }],
    ['an unknown function', { ...detail, function_name: 'theirs', error_id: 'theirs/abc' }],
    ['an id without the function’s prefix', { ...detail, error_id: 'logistics-shipment-processor-dev/abc' }],
    ['an id that is too long', { ...detail, error_id: `${FUNCTION}/${'a'.repeat(129)}` }],
    ['an id that is empty', { ...detail, error_id: `${FUNCTION}/` }],
    ['an id with a space', { ...detail, error_id: `${FUNCTION}/a b` }],
    ['a time that is no number', { ...detail, error_timestamp: '5' }],
    ['a negative time', { ...detail, error_timestamp: -1 }],
    ['a detail that is no object', 'detail'],
  ])('is ignored with %s', (_, other) => {
    expect(rowNamedBy(other, 'dev')).toBeUndefined();
  });
});
