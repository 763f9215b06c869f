/** Mutation test of the rules: each change of a property that matters must violate a rule. */
import { rendered } from '../support/rendered';
import { type Mutation, mutationsOf } from './mutations';
import { type RenderedTemplate, violations } from './rules/rule';
import { RULES } from './rules/rules';

/** Properties that matter: permissions, encryption, routes of events and failures, retention, protection of data, alarms. */
const MATTERS =
  /^(Assume|Policies$|Polic|KeyPolicy|Statement|Principal|SourceArn|AuthType|FunctionUrlAuth|InvokedVia|TargetFunction|Role$|Kms|KMS|SSE|SqsManaged|EnableKeyRotation|Targets|Event(Pattern|InvokeConfig|BusName)$|Redrive|RetentionIn|RetentionDays|MessageRetention|PointInTime|DeletionP|UpdateReplacePolicy|TimeToLive|Dimensions$|MetricName|Namespace|AlarmActions|AlarmDescription|OKActions|Threshold|Conditions?$|DependsOn|LogConfig|PermissionsBoundary|Path$)/;

/** Accepted survivors, each with its reason. */
const MAY_CHANGE: readonly { readonly reason: string; fits(mutation: Mutation): boolean }[] = [
  {
    reason: 'the conditions of tracing, concurrency, mail and gradual deployments protect nothing',
    fits: ({ path: [section, name] }) =>
      section === 'Conditions' &&
      !/^(Protects|Publishes|Takes|Bounds|HasDataKey|HasPermissions|Has(Error)?Producer)/.test(String(name)),
  },
  {
    reason: 'tests/integration/security/least-privilege.test.ts compares what a role allows with its function’s calls',
    fits: ({ path: [, id, , property] }) => /^(?!Gradual).*Role$/.test(String(id)) && property === 'Policies',
  },
  {
    reason:
      'tests/integration/security/resource-policies.test.ts tries what the policies of the bus and the topics allow',
    fits: ({ path: [, id] }) => /::(EventBus|Topic)Policy$/.test(template.Resources[String(id)]?.Type ?? ''),
  },
  {
    reason: 'tests/template/sam-template.engine.test.ts transforms gradual deployments',
    fits: ({ path }) => path.includes('DeploymentPreference'),
  },
  {
    reason: 'of an alarm’s description only the command matters',
    fits: ({ path, kind }) => path.includes('AlarmDescription') && kind === 'changed',
  },
  {
    reason: 'a threshold above 0 is one of the figures in template-src/defaults.ts',
    fits: ({ path, original }) => path.at(-1) === 'Threshold' && original !== 0,
  },
];

const template: RenderedTemplate = JSON.parse(JSON.stringify(rendered));
const names = Object.keys(RULES);
const killers = new Set<string>();
const survivors: string[] = [];

/** Tried first, because it often catches neighbouring mutations too. */
let lastKiller = names[0] ?? '';
const killerOf = (rules: readonly string[]) =>
  rules.find((name) => RULES[name] && violations(RULES[name], template).length > 0);

function tryOut(mutation: Mutation): void {
  mutation.apply();
  const killer = killerOf([lastKiller, ...names]);
  // A rule that is never first must still catch a mutation.
  const alsoKiller = killerOf(names.filter((name) => !killers.has(name)));
  mutation.undo();
  for (const name of [killer, alsoKiller]) if (name) killers.add(name);
  lastKiller = killer ?? lastKiller;
  if (killer || MAY_CHANGE.some(({ fits }) => fits(mutation))) return;
  survivors.push(`${mutation.path.join('.')} ${mutation.kind} (was ${JSON.stringify(mutation.original)})`);
}

beforeAll(() => {
  let tried = 0;
  for (const mutation of mutationsOf(template)) {
    if (!['Resources', 'Conditions'].includes(String(mutation.path[0]))) continue;
    if (!mutation.path.some((key) => MATTERS.test(String(key)))) continue;
    tryOut(mutation);
    tried += 1;
  }
  process.stdout.write(`template: ${tried} mutations, survivors: ${survivors.length || 'none'}\n`);
}, 60_000);

it('every mutation of a property that matters violates a rule', () => {
  expect(survivors).toEqual([]);
});

it('the mutations leave the template unchanged', () => {
  expect(template).toEqual(rendered);
});

it('every rule catches a mutation', () => {
  expect(names.filter((name) => !killers.has(name))).toEqual([]);
});
