/** Which rule takes which event, asked of EventBridge's own matcher. */
import { EVENT_FUNCTION_KEYS } from '../../contracts/functions';
import { CONTRACTS } from '../../contracts/generated/contracts';
import { sampleEvents } from '../../demo/sample-events';
import { UNROUTED_RULE_ID } from '../../template-src/bus/bus';
import { type Pattern, patternOf, patternOfOthers } from '../../template-src/bus/patterns';
import { functionIds } from '../../template-src/logical-ids';
import { nearMisses, type Route } from '../support/engines/near-misses';
import { matchingRules } from '../support/engines/ruler';
import { ofType } from '../support/rendered';

/** A schedule's rule takes no events. */
const RULES: Readonly<Record<string, Pattern>> = Object.fromEntries(
  ofType('AWS::Events::Rule')
    .map(([id, { Properties }]) => [id, Properties?.['EventPattern']])
    .filter(([, pattern]) => pattern),
);

/** The rule that must take an event of this route, by the contracts alone. */
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

function taken(events: readonly object[]): readonly (readonly string[])[] {
  return matchingRules([{ rules: RULES, events }])[0] ?? [];
}

/** The first few routes that are taken by another rule than theirs, by none, or by several; as JSON, since some are not printable. */
function misrouted(routes: readonly Route[]): string[] {
  const answers = taken(routes.map((route) => eventOf(route)));
  return routes
    .map((route, index) => ({ route, rule: ruleOf(route), takenBy: answers[index]?.join(' and ') }))
    .filter(({ rule, takenBy }) => rule !== takenBy)
    .slice(0, 5)
    .map((misroute) => JSON.stringify(misroute));
}

describe('the template’s rules', () => {
  it('leave status events to subscribers, whatever their detail-type', () => {
    const routes = ['Shipment Status Changed', 'Shipment Created'].map((detailType) => ({
      source: 'logistics.status',
      detailType,
    }));

    expect(taken(routes.map((route) => eventOf(route)))).toEqual([[], []]);
  });

  it('fit the 2,048 characters that EventBridge allows a pattern', () => {
    for (const pattern of Object.values(RULES)) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2_048);
  });

  it('take every sample exactly once, for the function whose sample it is', () => {
    const samples = sampleEvents();

    const answers = taken(samples.map(({ event }) => event));

    const expected = samples.map(({ name, key }) => [name, key ? functionIds(key).rule : UNROUTED_RULE_ID]);
    expect(samples.map(({ name }, index) => [name, ...(answers[index] ?? [])])).toEqual(expected);
  });

  it(`take every near-miss exactly once (${nearMisses.length} pairs of source and detail-type)`, () => {
    expect(misrouted(nearMisses)).toEqual([]);
  });
});

describe('the patterns of any contracts', () => {
  const ALPHABET = ['s1', 's2', 's3'].flatMap((source) =>
    ['A', 'B', 'C'].map((detailType) => ({ source, detailType })),
  );
  const subsets = Array.from({ length: 2 ** ALPHABET.length - 1 }, (_, index) =>
    ALPHABET.filter((__, bit) => ((index + 1) >> bit) & 1),
  );
  const events = [...ALPHABET, { source: 's4', detailType: 'A' }, { source: 's1', detailType: 'D' }];

  it(`and of the others part every event between them (${subsets.length} sets of up to ${ALPHABET.length} contracts)`, () => {
    const answers = matchingRules(
      subsets.map((routes) => ({
        rules: { ours: patternOf(routes), others: patternOfOthers(routes) },
        events: events.map((route) => eventOf(route)),
      })),
    );

    expect(answers).toEqual(
      subsets.map((routes) => events.map((route) => [routes.includes(route) ? 'ours' : 'others'])),
    );
  });
});
