/** The rules, tried: whatever one changes in the template, a rule is broken. */

import { rendered } from '../support/rendered';
import { type Mutation, mutationsOf } from './mutations';
import type { RenderedTemplate } from './rules/rule';
import { violations } from './rules/rule';
import { RULES } from './rules/rules';

/** Properties that matter: who may do what, encryption, routes of events and failures, retention, safety of data, alarms. The others are reviewed. */
const MATTERS =
  /^(Assume|Policies$|Polic|KeyPolicy|Statement|Principal|SourceArn|AuthType|FunctionUrlAuth|InvokedVia|TargetFunction|Role$|Kms|KMS|SSE|SqsManaged|EnableKeyRotation|Targets|Event(Pattern|InvokeConfig|BusName)$|Redrive|RetentionIn|RetentionDays|MessageRetention|PointInTime|DeletionP|UpdateReplacePolicy|TimeToLive|Metrics$|Alarm(Actions|Name)$|OKActions|ComparisonOperator|TreatMissingData|AutoPublishAlias|VersionDescription|Conditions?$|DependsOn|LogConfig|PermissionsBoundary|Path$)/;

/** Accepted survivors, each with its reason. Any other is a hole. */
const MAY_CHANGE: readonly { readonly reason: string; fits(mutation: Mutation): boolean }[] = [
  {
    reason: 'conditions of tracing, concurrency, mail and gradual deployments are seen where they are used',
    fits: ({ path: [section, name] }) =>
      section === 'Conditions' &&
      !/^(Protects|Publishes|Takes|Bounds|HasDataKey|HasPermissions|Has(Error)?Producer)/.test(String(name)),
  },
  {
    reason: 'a version’s description says which parameters are in it; the words around them are free',
    fits: ({ path, what }) => path.includes('VersionDescription') && what === 'renamed',
  },
];

const template: RenderedTemplate = JSON.parse(JSON.stringify(rendered));
const names = Object.keys(RULES);
const killers = new Set<string>();
const survivors: string[] = [];

/** The first rule that notices; whichever noticed the last change is asked first, since neighbours are its business too. */
let lastKiller = names[0] ?? '';
const killerOf = (rules: readonly string[]) =>
  rules.find((name) => RULES[name] && violations(RULES[name], template).length > 0);

function tryOut(mutation: Mutation): void {
  mutation.apply();
  const killer = killerOf([lastKiller, ...names]);
  // A rule that others overtake each time has to show that it notices anything at all.
  const overtaken = killerOf(names.filter((name) => !killers.has(name)));
  mutation.undo();
  for (const name of [killer, overtaken]) if (name) killers.add(name);
  lastKiller = killer ?? lastKiller;
  if (killer || MAY_CHANGE.some(({ fits }) => fits(mutation))) return;
  survivors.push(`${mutation.path.join('.')} ${mutation.what} (was ${JSON.stringify(mutation.was)})`);
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

it('each deletion, addition, change, widening and redirection of a property that matters breaks a rule', () => {
  expect(survivors).toEqual([]);
});

it('the template is as it was after it', () => {
  expect(template).toEqual(rendered);
  expect(killerOf(names)).toBeUndefined();
});

it('every rule noticed something', () => {
  expect(names.filter((name) => !killers.has(name))).toEqual([]);
});
