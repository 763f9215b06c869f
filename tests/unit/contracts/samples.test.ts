import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseDetail } from '../../../contracts/define-event';
import { EVENT_FUNCTION_KEYS, type EventFunctionKey, recordsShipments } from '../../../contracts/functions';
import { CONTRACTS, SAMPLED_CONTRACTS } from '../../../contracts/generated/contracts';
import { STATUSES } from '../../../contracts/statuses';
import reasons from '../../../events/invalid/reasons.json';
import { readEnvelope } from '../../../src/domain/envelope';
import { type ShipmentDetail, shipmentEventOf } from '../../../src/domain/shipment-event';

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

const jsonFiles = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];

const allContracts = Object.values(CONTRACTS).flat();

/** Validates an event as its handler does, and throws the same errors. */
function accept(key: EventFunctionKey, input: unknown): void {
  const envelope = readEnvelope(input);
  const contract = CONTRACTS[key].find(
    ({ source, detailType }) => source === envelope.source && detailType === envelope.detailType,
  );
  if (!contract) throw new Error('no contract');
  const parsed = parseDetail(contract, envelope.detail);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; '));
  if (recordsShipments(key)) shipmentEventOf(envelope, parsed.detail as unknown as ShipmentDetail, Date.now());
}

describe('samples', () => {
  const samples = EVENT_FUNCTION_KEYS.flatMap((key) => jsonFiles(`events/${key}`).map((file) => [key, file] as const));

  it.each(samples)('%s accepts %s, by one contract only', (key, file) => {
    const input = read(`events/${key}/${file}`);
    accept(key, input);
    const { source, detailType } = readEnvelope(input);
    expect(allContracts.filter((c) => c.source === source && c.detailType === detailType)).toHaveLength(1);
  });

  it('have every status', () => {
    const seen = SAMPLED_CONTRACTS.flatMap(({ samples }) => Object.values<{ detail: object }>(samples)).map(
      ({ detail }) => ('status' in detail ? detail.status : undefined),
    );
    const problems = STATUSES.filter((status) => !seen.includes(status)).map(
      (status) => `no sample has the status ${status}: add one in contracts/events/status-updater`,
    );
    expect(problems).toEqual([]);
  });
});

describe('invalid events', () => {
  const invalid = EVENT_FUNCTION_KEYS.flatMap((key) =>
    jsonFiles(`events/invalid/${key}`).map((file) => [key, file] as const),
  );
  const reasonOf = new Map<string, { reason: string; after?: string }>(Object.entries(reasons));

  it('exist for each function', () => {
    const problems = EVENT_FUNCTION_KEYS.filter((key) => !invalid.some(([owner]) => owner === key)).map(
      (key) =>
        `${key} has no invalid event: write one in events/invalid/${key}, and its reason in events/invalid/reasons.json`,
    );
    expect(problems).toEqual([]);
  });

  it('have one reason each', () => {
    const names = invalid.map(([key, file]) => `${key}/${file.replace('.json', '')}`);
    expect(names.sort()).toEqual([...reasonOf.keys()].sort());
  });

  it.each(invalid)('are refused for their reason: %s, %s', (key, file) => {
    const { reason, after } = reasonOf.get(`${key}/${file.replace('.json', '')}`) ?? { reason: 'none given' };
    const input = read(`events/invalid/${key}/${file}`);
    // Refused only after another event is on record: by itself it is valid.
    if (after !== undefined) return expect(() => accept(key, input)).not.toThrow();
    expect(() => accept(key, input)).toThrow(reason);
  });
});
