/** IAM's decisions, by the policy engine of the embedded AWS. */
import { toolPython } from '../../../lib/tools.mjs';
import { REGION } from '../../../local/environment';
import { ask } from '../../support/engines/ask';

export type Decision = 'Allow' | 'Deny' | 'ImplicitDeny';

/** Condition keys with the values that AWS would give them, by its documents. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** A request as IAM sees it. */
export interface Request {
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** An ARN, or `*` where the action has no resources. */
  readonly resource: string;
  readonly context?: Context;
  /** The caller's ARN, or the name of a service; without it, a role of the account. */
  readonly principal?: string;
}

export interface PolicyDocument {
  readonly Statement: readonly unknown[];
}

/**
 * Calls the engine directly: over HTTP the embedded AWS sets neither iam:PermissionsBoundary nor iam:PassedToService, and checks no call of
 * CloudFormation (docs/emulator.md).
 */
const ENGINE = `
import json, sys
from ministack.core.iam_evaluator import EvalContext, evaluate, evaluate_resource_policy, evaluate_trust_policy, parse_policy_document

asked = json.load(sys.stdin)
layers = [[parse_policy_document(document)] for document in asked.get("layers", [])]

def decide(request):
    keys = {key.lower(): value for key, value in request.get("context", {}).items()}
    principal = request.get("principal", asked["principal"])
    service = None if principal.startswith("arn:") else principal
    context = EvalContext(principal_arn=principal, principal_type="AssumedRole", principal_account="" if service else principal.split(":")[4],
                          action=request["action"], resource_arn=request["resource"], region=asked["region"], source_ip="192.0.2.1",
                          secure_transport=keys.get("aws:securetransport") != "false", service_context=keys)
    if "trust" in asked:
        return "Allow" if evaluate_trust_policy(asked["trust"], principal, context) else "ImplicitDeny"
    if "policy" in asked:
        return evaluate_resource_policy(asked["policy"], context, service=service).decision
    return evaluate(context, *layers).decision

json.dump([decide(request) for request in asked["requests"]], sys.stdout)
`;

export const ACCOUNT = '111122223333';

/** The session of an administrator's role. */
export const roleOf = (account: string) => `arn:aws:sts::${account}:assumed-role/admin/session`;

type Policies =
  /** A role's policy, then its permissions boundary if it has one. */
  | { readonly layers: readonly PolicyDocument[] }
  /** A resource's policy. After ImplicitDeny, IAM decides for a caller of the same account; another account's caller is denied. */
  | { readonly policy: PolicyDocument }
  /** A role's trust policy. */
  | { readonly trust: PolicyDocument };

/** One decision for each request. */
export const decisions = (policies: Policies, requests: readonly Request[]): Decision[] =>
  JSON.parse(
    ask(
      toolPython('emulator'),
      ['-c', ENGINE],
      JSON.stringify({ ...policies, requests, principal: roleOf(ACCOUNT), region: REGION }),
    ),
  );

/** `sqs:CreateQueue DeleteQueue` as a list of actions. */
export function actionsOf(list: string): string[] {
  const [service = '', names = ''] = list.split(':');
  return names
    .split(/\s+/)
    .filter(Boolean)
    .map((name) => `${service}:${name}`);
}

/** Requests for each action of the list, as in {@link actionsOf}, on each resource. */
export const requests = (actions: string, resources: string | readonly string[], context: Context = {}): Request[] =>
  actionsOf(actions).flatMap((action) => [resources].flat().map((resource) => ({ action, resource, context })));
