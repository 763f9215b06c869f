/** AWS's own tools on a template: the SAM translator, and cfn-lint with the schemas AWS publishes. */
import { readFileSync } from 'node:fs';
import { toolPython } from '../../../lib/tools.mjs';
import { REGION } from '../../../local/environment';
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
from cfnlint.api import lint_all

json.dump([{"rule": match.rule.id, "message": match.message, "path": match.path} for match in lint_all(sys.stdin.read())], sys.stdout)
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

/** Findings of cfn-lint, its informational and experimental rules and every region included. */
export const lintAll = (template: object): readonly Finding[] => python(LINT, template);

/** A template's file as SAM reads it: intrinsic functions in their long form. */
export const readTemplate = (file: string) =>
  JSON.parse(ask(toolPython('sam'), ['-c', READ], readFileSync(file, 'utf8')));
