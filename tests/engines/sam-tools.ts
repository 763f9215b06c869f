/** What AWS's own tools make of a template: the SAM translator, and cfn-lint with the schemas AWS publishes. */
import { REGION, toolPython } from '../../local/environment';
import { ask } from './ask';

const TRANSFORM = `
import json, sys
from samtranslator.translator.transform import transform

class NoManagedPolicies:
    def load(self):
        return {}

json.dump(transform(json.load(sys.stdin), {}, NoManagedPolicies()), sys.stdout)
`;

const LINT = `
import json, sys
from cfnlint.api import lint_all

json.dump([{"rule": match.rule.id, "message": match.message, "path": match.path} for match in lint_all(sys.stdin.read())], sys.stdout)
`;

export interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** Runs a Python program among the packages that `sam` uses; JSON in, JSON out. */
const python = (program: string, template: object) =>
  JSON.parse(ask(toolPython('SAM_PYTHON'), ['-c', program], JSON.stringify(template), { AWS_DEFAULT_REGION: REGION }));

/**
 * What CloudFormation's Serverless transform makes of a template.
 * @throws with the translator's own words when it refuses the template
 */
export const samTransform = (template: object) => python(TRANSFORM, template);

/** What cfn-lint has to say, its informational and experimental rules and every region included. */
export const lintAll = (template: object): readonly Finding[] => python(LINT, template);
