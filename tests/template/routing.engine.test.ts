/** The rules that match an event, by EventBridge's own matcher. */
import { EVENT_FUNCTION_KEYS } from '../../contracts/functions';
import { CONTRACTS } from '../../contracts/generated/contracts';
import { sampleEvents } from '../../demo/sample-events';
import { UNROUTED_RULE_ID } from '../../template-src/bus/bus';
import { type Pattern, patternOf, patternOfUnrouted } from '../../template-src/bus/patterns';
import { functionIds } from '../../template-src/logical-ids';
import { nearMisses, type Route } from '../support/engines/near-misses';
import { matchingRules } from '../support/engines/ruler';
import { ofType } from '../support/rendered';

/** Patterns by rule; a schedule has none. */
const RULES: Readonly<Record<string, Pattern>> = Object.fromEntries(
  ofType('AWS::Events::Rule')
    .map(([id, { Properties }]) => [id, Properties?.['EventPattern']])
    .filter(([, pattern]) => pattern),
);

/** The rule that must match this route, by the contracts alone. */
function ruleOf({ source, detailType }: Route): string {
  const key = EVENT_FUNCTION_KEYS.find((candidate) =>
    CONTRACTS[candidate].some((contract) => contract.source === source && contract.detailType === detailType),
  );
  return key ? functionIds(key).rule : UNROUTED_RULE_ID;
}

const eventOf = ({ source, detailType }: Route) => ({
  version: '0',
  id: 'e-1',
  'detail-type': detailType,
  source,
  account: '123456789012',
  time: '2026-03-02T08:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail: {},
});

const matching = (events: readonly object[]): readonly (readonly string[])[] =>
  matchingRules([{ rules: RULES, events }])[0] ?? [];

describe('the template’s rules', () => {
  it('match no status event, whatever its detail-type', () => {
    const routes = ['Shipment Status Changed', 'Shipment Created'].map((detailType) => ({
      source: 'logistics.status',
      detailType,
    }));

    expect(matching(routes.map(eventOf))).toEqual([[], []]);
  });

  it('have patterns within EventBridge’s 2,048 characters', () => {
    for (const pattern of Object.values(RULES)) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2_048);
  });

  it('match every sample exactly once, for its own function', () => {
    const samples = sampleEvents();

    const matches = matching(samples.map(({ event }) => event));

    const expected = samples.map(({ name, key }) => [name, key ? functionIds(key).rule : UNROUTED_RULE_ID]);
    expect(samples.map(({ name }, index) => [name, ...(matches[index] ?? [])])).toEqual(expected);
  });

  it(`match every near-miss exactly once (${nearMisses.length} pairs of source and detail-type)`, () => {
    const matches = matching(nearMisses.map(eventOf));

    const misrouted = nearMisses
      .map((route, index) => ({ route, expected: ruleOf(route), actual: matches[index]?.join(' and ') }))
      .filter(({ expected, actual }) => expected !== actual);
    // As JSON, because some are not printable.
    expect(misrouted.slice(0, 5).map((misroute) => JSON.stringify(misroute))).toEqual([]);
  });
});

describe('the patterns of any set of contracts', () => {
  const ROUTES = ['s1', 's2', 's3'].flatMap((source) => ['A', 'B', 'C'].map((detailType) => ({ source, detailType })));
  const subsets = Array.from({ length: 2 ** ROUTES.length - 1 }, (_, index) =>
    ROUTES.filter((__, bit) => ((index + 1) >> bit) & 1),
  );
  const events = [...ROUTES, { source: 's4', detailType: 'A' }, { source: 's1', detailType: 'D' }];

  it(`match each of their events, and the pattern of unrouted events all others (${subsets.length} sets of up to ${ROUTES.length} contracts)`, () => {
    const matches = matchingRules(
      subsets.map((routes) => ({
        rules: { contracts: patternOf(routes), unrouted: patternOfUnrouted(routes) },
        events: events.map(eventOf),
      })),
    );

    expect(matches).toEqual(
      subsets.map((routes) => events.map((route) => [routes.includes(route) ? 'contracts' : 'unrouted'])),
    );
  });
});
