/** The rules, tried: whatever one changes in the template, a rule is broken. */

import { rendered } from '../template/rendered';
import type { RenderedTemplate } from '../template/rules/rule';
import { violations } from '../template/rules/rule';
import { RULES } from '../template/rules/rules';
import { type Mutation, mutationsOf } from './mutations';

/** What may change without a rule noticing, each with its reason. Anything else that survives is a hole. */
const MAY_CHANGE: readonly { readonly reason: string; fits(mutation: Mutation): boolean }[] = [
  {
    reason: 'prose: that it is there is a rule, what it says is for people',
    fits: ({ path, what }) => what === 'renamed' && path.slice(-2).some(isProse),
  },
  {
    reason: 'the template’s own description is shown to people who look at the stack',
    fits: ({ path }) => path.length === 1 && path[0] === 'Description',
  },
  {
    reason: 'how a bundle is made small: the tests of the built handlers and the sizes in docs/security.md see it',
    fits: ({ path }) => path.includes('BuildProperties'),
  },
  {
    reason:
      'the words of a saved query: tests/unit/handlers/saved-queries.test.ts asks them of the handlers’ own lines',
    fits: ({ path, what }) => what === 'renamed' && path.at(-1) === 'QueryString',
  },
];

const isProse = (key: string | number) => /Description$|^(comment|reasons)$/.test(String(key));

const template: RenderedTemplate = JSON.parse(JSON.stringify(rendered));
const names = Object.keys(RULES);
const killers = new Set<string>();
const mutated = new Set<string>();
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
  mutated.add(mutation.path.slice(0, 2).join('.'));
  if (killer || MAY_CHANGE.some(({ fits }) => fits(mutation))) return;
  survivors.push(`${mutation.path.join('.')} ${mutation.what} (was ${JSON.stringify(mutation.was)})`);
}

beforeAll(() => {
  let tried = 0;
  for (const mutation of mutationsOf(template)) {
    tryOut(mutation);
    tried += 1;
  }
  process.stdout.write(`template: ${tried} mutations, survivors: ${survivors.length || 'none'}\n`);
}, 60_000);

it('whatever is deleted, added, flipped, renamed, widened or pointed elsewhere breaks a rule', () => {
  expect(survivors).toEqual([]);
});

it('every part of the template was changed, and is as it was after it', () => {
  const parts = (['Parameters', 'Conditions', 'Resources', 'Outputs'] as const).flatMap((section) =>
    Object.keys(template[section]).map((name) => `${section}.${name}`),
  );
  expect(parts.filter((part) => !mutated.has(part))).toEqual([]);
  expect(template).toEqual(rendered);
  expect(killerOf(names)).toBeUndefined();
});

it('every rule noticed something', () => {
  expect(names.filter((name) => !killers.has(name))).toEqual([]);
});
