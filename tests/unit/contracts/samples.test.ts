import { readdirSync } from 'node:fs';
import { EVENT_FUNCTION_KEYS } from '../../../contracts/functions';
import { CONTRACTS } from '../../../contracts/generated/contracts';
import { STATUSES } from '../../../contracts/statuses';
import { sampleEvents } from '../../../demo/sample-events';
import reasons from '../../../events/invalid/reasons.json';
import { readEnvelope } from '../../../src/domain/envelope';
import { rejectionOf } from './handled';

const events = sampleEvents().flatMap(({ key, ...event }) => (key ? [{ key, ...event }] : []));
const valid = events.filter(({ reason }) => reason === undefined);
const invalid = events.filter(({ reason }) => reason !== undefined);

const allContracts = Object.values(CONTRACTS).flat();

describe('samples', () => {
  it.each(valid)('$name is accepted, by one contract only', ({ key, event }) => {
    expect(rejectionOf(key, event)).toBeUndefined();
    const { source, detailType } = readEnvelope(event);
    expect(allContracts.filter((c) => c.source === source && c.detailType === detailType)).toHaveLength(1);
  });

  it('have every status', () => {
    const seen = valid.map(({ event }) => (event.detail as { status?: string }).status ?? 'pending');
    const problems = STATUSES.filter((status) => !seen.includes(status)).map(
      (status) => `no sample has the status ${status}: add one in contracts/events/status-updater`,
    );
    expect(problems).toEqual([]);
  });
});

describe('invalid events', () => {
  const afterOthers = Object.entries(reasons).flatMap(([name, why]) => ('after' in why ? [`invalid/${name}`] : []));

  it('exist for each function', () => {
    const problems = EVENT_FUNCTION_KEYS.filter((key) => !invalid.some((event) => event.key === key)).map(
      (key) =>
        `${key} has no invalid event: write one in events/invalid/${key}, and its reason in events/invalid/reasons.json`,
    );
    expect(problems).toEqual([]);
  });

  it('have one reason each', () => {
    const files = readdirSync('events/invalid', { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\/.*json$/.test(file),
    );
    expect(files.map((file) => file.replace('.json', '')).sort()).toEqual(Object.keys(reasons).sort());
  });

  it.each(invalid)('are refused for their reason: $name', ({ name, key, event, reason = '' }) => {
    // Refused only after another event is on record: by itself it is valid.
    const isValidAlone = afterOthers.includes(name);
    expect(rejectionOf(key, event)).toEqual(isValidAlone ? undefined : expect.stringContaining(reason));
  });
});
