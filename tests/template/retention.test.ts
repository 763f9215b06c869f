import { ARCHIVE_DAYS, MIN_EVENT_RETENTION_DAYS, QUEUE_RETENTION_DAYS } from '../../contracts/retention';
import { MAX_EVENT_AGE_SECONDS } from '../../template-src/defaults';
import { parameters } from '../../template-src/parameters';

const isAllowed = (value: string) => new RegExp(parameters.EventRetentionDays.AllowedPattern).test(value);

it('keeps events in queues no longer than SQS can', () => {
  expect(QUEUE_RETENTION_DAYS).toBeLessThanOrEqual(14);
});

describe('EventRetentionDays', () => {
  it.each(['0', '45', '50', '99', '100', '36500'])('accepts %s', (value) => {
    expect(isAllowed(value)).toBe(true);
  });

  it.each(['', '7', '44', '-45', '045', '45.5', '4e5', '45\n', '450000'])('rejects %j', (value) => {
    expect(isAllowed(value)).toBe(false);
  });

  it('keeps an event longer than a copy can take to return: by replay, two waits in a queue, and retries', () => {
    const retriesDays = (3 * MAX_EVENT_AGE_SECONDS) / 86_400;
    expect(ARCHIVE_DAYS + 2 * QUEUE_RETENTION_DAYS + retriesDays).toBeLessThan(MIN_EVENT_RETENTION_DAYS);
    expect(isAllowed(String(MIN_EVENT_RETENTION_DAYS))).toBe(true);
    expect(isAllowed(String(MIN_EVENT_RETENTION_DAYS - 1))).toBe(false);
  });
});
