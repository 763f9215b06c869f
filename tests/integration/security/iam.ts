/** IAM's decisions, by the engine of the embedded AWS, and what AWS's service authorization reference says about actions. */
import { toolPython } from '../../../lib/tools.mjs';
import { REGION } from '../../../local/environment';
import { ask } from '../../support/engines/ask';

export type Decision = 'Allow' | 'Deny' | 'ImplicitDeny';

/** A request as IAM sees it. */
export interface Request {
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** An ARN, or `*` where the action has no resources. */
  readonly resource: string;
  /** Condition keys and what AWS would fill them with. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export interface PolicyDocument {
  readonly Statement: readonly unknown[];
}

/**
 * Asked directly and not over HTTP, where the emulator fills in neither iam:PermissionsBoundary nor iam:PassedToService, and checks no call
 * that CloudFormation makes (docs/emulator.md).
 */
const ENGINE = `
import json, sys
from ministack.core.iam_evaluator import EvalContext, evaluate, evaluate_trust_policy, parse_policy_document

asked = json.load(sys.stdin)

def context(request):
    keys = {key.lower(): value for key, value in request.get("context", {}).items()}
    return EvalContext(principal_arn=asked["principal"], principal_type="AssumedRole", principal_account=asked["account"],
                       action=request["action"], resource_arn=request["resource"], region=asked["region"], service_context=keys,
                       secure_transport=keys.get("aws:securetransport") == "true")

if "trust" in asked:
    answers = ["Allow" if evaluate_trust_policy(asked["trust"], asked["principal"], context(request)) else "ImplicitDeny" for request in asked["requests"]]
else:
    layers = [[parse_policy_document(document)] for document in asked["layers"]]
    answers = [evaluate(context(request), *layers).decision for request in asked["requests"]]
json.dump(answers, sys.stdout)
`;

const answers = (question: object): Decision[] =>
  JSON.parse(ask(toolPython('emulator'), ['-c', ENGINE], JSON.stringify({ region: REGION, ...question })));

export const ACCOUNT = '111122223333';

/**
 * Permissions of a role.
 * @param layers its policy, then its permissions boundary if it has one
 */
export const decisions = (layers: readonly PolicyDocument[], requests: readonly Request[]): Decision[] =>
  answers({ layers, requests, account: ACCOUNT, principal: `arn:aws:sts::${ACCOUNT}:assumed-role/role/session` });

/** Tells for each token of an OIDC provider, by its claims as condition keys, whether it gets the role. */
export const trusts = (
  trust: object,
  provider: string,
  tokens: readonly NonNullable<Request['context']>[],
): boolean[] =>
  answers({
    trust,
    account: ACCOUNT,
    principal: provider,
    requests: tokens.map((context) => ({ action: 'sts:AssumeRoleWithWebIdentity', resource: '*', context })),
  }).map((decision) => decision === 'Allow');

interface ServiceReference {
  readonly Actions: Readonly<Record<string, { readonly Resources?: readonly string[] }>>;
  readonly Resources: Readonly<
    Record<string, { readonly ARNFormats: readonly string[]; readonly ConditionKeys?: readonly string[] }>
  >;
}

/** AWS's service authorization reference, as cfn-lint brings it; keys of actions are in lower case. */
export const serviceReference: Readonly<Record<string, ServiceReference>> = JSON.parse(
  ask(
    toolPython('sam'),
    [
      '-c',
      'from importlib.resources import files; print(files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json").read_text())',
    ],
    '',
  ),
);
