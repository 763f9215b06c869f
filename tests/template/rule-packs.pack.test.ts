import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { toolPython } from '../../lib/tools.mjs';
import { ACCEPTED_FINDINGS } from '../../template-src/accepted-findings';
import { temporaryFolder } from '../support/after-tests';
import { ask } from '../support/engines/ask';
import { rendered, turnedOn } from '../support/rendered';
import type { RenderedTemplate } from './rules/rule';

const SERVERLESS_RULES = `
import json, sys
from cfnlint.api import lint

matches = lint(sys.stdin.read(), config={"append_rules": ["cfn_lint_serverless.rules"], "regions": ["us-east-1"]})
json.dump([[match.rule.id, match.path[1]] for match in matches if len(match.path) > 1], sys.stdout)
`;

const folder = temporaryFolder('checkov');

const runPython = (args: readonly string[], input: string) =>
  JSON.parse(ask(toolPython('rule-packs'), args, input, { HOME: folder }));

/** Findings as `CKV_AWS_27 UnroutedQueue`, without those of cfn-lint's own rules (cfn-lint.pack.test.ts). */
function serverlessRules(template: RenderedTemplate): string[] {
  const findings: [string, string][] = runPython(['-c', SERVERLESS_RULES], JSON.stringify(template));
  return findings.filter(([rule]) => /^[EW]S\d/.test(rule)).map(([rule, id]) => `${rule} ${id}`);
}

interface CheckovReport {
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
  readonly results: { readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[] };
}

/** Findings of checkov, which reads files only. */
function checkov(template: RenderedTemplate): string[] {
  const file = path.join(folder, 'template.json');
  writeFileSync(file, JSON.stringify(template));
  const options = ['--framework', 'cloudformation', '--skip-download', '--soft-fail', '--output', 'json'];
  const { summary, results }: CheckovReport = runPython(['-m', 'checkov.main', '--file', file, ...options], '');
  if (summary.passed === 0 || summary.parsing_errors > 0) throw new Error('checkov did not read the template');
  return results.failed_checks.map(({ check_id, resource }) => `${check_id} ${resource.split('.').at(-1)}`);
}

/** With the stack's own key and a public URL: checkov skips resources that the parameters' defaults leave out. */
const whole: RenderedTemplate = turnedOn('EncryptWithOwnKey', 'CarrierWebhooks');

const withoutAcceptances: RenderedTemplate = {
  ...whole,
  Resources: Object.fromEntries(
    Object.entries(whole.Resources).map(([id, { Metadata: _, ...resource }]) => [id, resource]),
  ),
};

const accepted = Object.entries(whole.Resources).flatMap(([id, { Type }]) =>
  ACCEPTED_FINDINGS.filter(({ type, on = () => true }) => type === Type && on(id)).map(({ rule }) => `${rule} ${id}`),
);

describe.each([
  ['checkov', checkov, /^CKV_/],
  ['serverless-rules', serverlessRules, /^[EW]S/],
] as const)('%s', (_, findingsIn, rules) => {
  it.each([
    ['AWS’s keys', rendered],
    ['the stack’s own key and a public URL', whole],
  ])(
    'finds nothing in the template with %s beyond the accepted findings',
    (_, template) => {
      expect(findingsIn(template)).toEqual([]);
    },
    120_000,
  );

  it('finds each accepted finding when its acceptance is removed', () => {
    const findings = [...new Set(findingsIn(withoutAcceptances))];
    expect(findings.sort()).toEqual(accepted.filter((finding) => rules.test(finding)).sort());
  }, 120_000);
});
