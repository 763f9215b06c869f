import { ACCEPTED_FINDINGS } from '../../template-src/accepted-findings';
import { rendered, turnedOn } from '../support/rendered';
import { checkov, type Finding, serverlessRules } from './packs';
import type { RenderedTemplate } from './rules/rule';

/** With a key of its own and a public address: checkov leaves out what the parameters' defaults leave out. */
const whole: RenderedTemplate = turnedOn('EncryptWithOwnKey', 'CarrierWebhooks');

/** The template without its answers: what the packs would find. */
const unanswered: RenderedTemplate = {
  ...whole,
  Resources: Object.fromEntries(
    Object.entries(whole.Resources).map(([id, { Metadata: _, ...resource }]) => [id, resource]),
  ),
};

const answers = Object.entries(unanswered.Resources).flatMap(([id, { Type }]) =>
  ACCEPTED_FINDINGS.filter(({ type, on = () => true }) => type === Type && on(id)).map(({ rule }) => `${rule} ${id}`),
);

const PACKS = [
  ['checkov', checkov, (finding: Finding) => finding.startsWith('CKV_')],
  ['serverless-rules', serverlessRules, (finding: Finding) => !finding.startsWith('CKV_')],
] as const;

describe.each(PACKS)('%s', (_, findingsIn, isItsOwn) => {
  it.each([
    ['AWS’s keys', rendered],
    ['the stack’s own key and a public address', whole],
  ])(
    'finds nothing in the template with %s that is not answered there',
    (_, template) => {
      expect(findingsIn(template)).toEqual([]);
    },
    120_000,
  );

  it('would find everything that is answered, so that no answer outlives its question', () => {
    expect([...new Set(findingsIn(unanswered))].sort()).toEqual(answers.filter(isItsOwn).sort());
  }, 120_000);
});
