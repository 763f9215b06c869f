/** Rule packs of others, asked about a template on this machine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { toolPython } from '../../lib/tools.mjs';
import { ask } from '../support/engines/ask';
import type { RenderedTemplate } from './rules/rule';

/** `CKV_AWS_27 UnroutedQueue` */
export type Finding = string;

const SERVERLESS_RULES = `
import json, sys
from cfnlint.api import lint

matches = lint(sys.stdin.read(), config={"append_rules": ["cfn_lint_serverless.rules"], "regions": ["us-east-1"]})
json.dump([[match.rule.id, match.path[1]] for match in matches if len(match.path) > 1], sys.stdout)
`;

const python = () => toolPython('rule-packs');

/** Findings of serverless-rules; those of cfn-lint's own rules are for the tests on AWS's engines. */
export function serverlessRules(template: RenderedTemplate): Finding[] {
  const found: [string, string][] = JSON.parse(ask(python(), ['-c', SERVERLESS_RULES], JSON.stringify(template)));
  return found.filter(([rule]) => /^[EW]S\d/.test(rule)).map(([rule, id]) => `${rule} ${id}`);
}

interface CheckovReport {
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
  readonly results: { readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[] };
}

/** Findings of checkov. It reads files only, and here loads no further rules. */
export function checkov(template: RenderedTemplate): Finding[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'logistics-checkov-'));
  try {
    writeFileSync(path.join(folder, 'template.json'), JSON.stringify(template));
    const only = ['--framework', 'cloudformation', '--file', path.join(folder, 'template.json')];
    const quietly = ['--skip-download', '--soft-fail', '--output', 'json'];
    const { summary, results }: CheckovReport = JSON.parse(
      ask(python(), ['-m', 'checkov.main', ...only, ...quietly], '', { HOME: folder }),
    );
    if (summary.passed === 0 || summary.parsing_errors > 0) throw new Error('checkov did not read the template');
    return results.failed_checks.map(({ check_id, resource }) => `${check_id} ${resource.split('.').at(-1)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
