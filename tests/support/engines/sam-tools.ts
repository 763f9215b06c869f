/** AWS's own tools on a template: the SAM translator, and cfn-lint with the schemas AWS publishes. */
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

asked = json.load(sys.stdin)
json.dump(transform(asked["template"], asked["parameters"], NoManagedPolicies()), sys.stdout)
`;

const LINT = `
import json, sys
from cfnlint import ManualArgs
from cfnlint.api import lint
from cfnlint.helpers import REGIONS

asked = json.load(sys.stdin)
everything = ManualArgs(include_checks=["I"], include_experimental=True, regions=asked["regions"] or REGIONS)
found = lint(json.dumps(asked["template"]), config=everything)
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

/** Runs a Python program among the packages that `sam` uses; JSON in, JSON out. */
const python = (program: string, input: object) =>
  JSON.parse(ask(toolPython('sam'), ['-c', program], JSON.stringify(input), { AWS_DEFAULT_REGION: REGION }));

/**
 * Result of CloudFormation's Serverless transform; a parameter that is not given has its default.
 * @throws with the translator's own words when it refuses the template
 */
export const samTransform = (template: object, parameters: Readonly<Record<string, string>> = {}) =>
  python(TRANSFORM, { template, parameters });

/** Some regions; CloudFormation's schemas differ by region, and all of them take more than a minute a template. */
const SAMPLE = ['us-east-1', 'eu-central-1'];

/** Findings of cfn-lint, its informational and experimental rules included; of every region when the tests are exhaustive. */
export const lintAll = (template: object): readonly Finding[] =>
  python(LINT, { template, regions: EXHAUSTIVE ? [] : SAMPLE });

/** A template's file as SAM reads it: intrinsic functions in their long form. */
export const readTemplate = (file: string) =>
  JSON.parse(ask(toolPython('sam'), ['-c', READ], readFileSync(file, 'utf8')));
