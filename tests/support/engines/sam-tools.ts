/** AWS's own tools for templates: the SAM translator, and cfn-lint with AWS's published schemas. */
import { readFileSync } from 'node:fs';
import { toolPython } from '../../../lib/tools.mjs';
import { REGION } from '../../../local/environment';
import { EXHAUSTIVE } from '../sample';
import { ask } from './ask';

const TRANSFORM = `
import json, sys
from samtranslator.translator.transform import transform

class NoManagedPolicies:
    def load(self):
        return {}

request = json.load(sys.stdin)
json.dump(transform(request["template"], request["parameters"], NoManagedPolicies()), sys.stdout)
`;

const LINT = `
import json, sys
from cfnlint import ManualArgs
from cfnlint.api import lint
from cfnlint.helpers import REGIONS

request = json.load(sys.stdin)
everything = ManualArgs(include_checks=["I"], include_experimental=True, regions=request["regions"] or REGIONS)
found = lint(json.dumps(request["template"]), config=everything)
json.dump([{"rule": match.rule.id, "message": match.message, "path": match.path} for match in found], sys.stdout)
`;

const READ = `
import json, sys
from samcli.yamlhelper import yaml_parse

json.dump(yaml_parse(sys.stdin.read()), sys.stdout)
`;

export interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** Runs a Python program with the SAM CLI's packages, with JSON as its stdin and stdout. */
const python = (program: string, input: object) =>
  JSON.parse(ask(toolPython('sam'), ['-c', program], JSON.stringify(input), { AWS_DEFAULT_REGION: REGION }));

/**
 * The result of CloudFormation's Serverless transform; parameters that are not given have their defaults.
 * @throws with the translator's message when it refuses the template
 */
export const samTransform = (template: object, parameters: Readonly<Record<string, string>> = {}) =>
  python(TRANSFORM, { template, parameters });

/** CloudFormation's schemas differ by region. Linting a template for all regions takes more than a minute. */
const SAMPLE = ['us-east-1', 'eu-central-1'];

/** Findings of cfn-lint, including informational and experimental rules; for all regions when the tests are exhaustive. */
export const lintAll = (template: object): readonly Finding[] =>
  python(LINT, { template, regions: EXHAUSTIVE ? [] : SAMPLE });

/** A template file as SAM parses it, with intrinsic functions in their long form. */
export const readTemplate = (file: string) =>
  JSON.parse(ask(toolPython('sam'), ['-c', READ], readFileSync(file, 'utf8')));
