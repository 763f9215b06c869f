import { measuredMilliseconds } from '../../../bench/measured';
import { BILLED_MS, SHIPMENT } from '../../../template-src/cost/usage';

describe('the time that a warm event is billed for', () => {
  it.each([...new Set(SHIPMENT.map((event) => event.function))])('is read of the memory sweep: %s', (key) => {
    const milliseconds = measuredMilliseconds(key);

    // Two calls wait for 4 ms each.
    expect(milliseconds).toBeGreaterThan(8);
    // The bill assumes more, not less.
    expect(milliseconds).toBeLessThanOrEqual(BILLED_MS);
  });
});
