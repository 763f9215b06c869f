/**
 * Accepted findings of the rule packs, each with its reason. checkov and cfn-lint read the reasons from the template's metadata.
 * `npm test -- --selectProjects rule-packs` fails on any other finding, and on an entry that matches none.
 */
import type Resource from 'cloudform-types/types/resource';
import { EVENT_FUNCTION_KEYS, SCHEDULED_FUNCTION_KEYS, URL_FUNCTION_KEYS } from '../contracts/functions';
import { UNROUTED_RULE_ID } from './bus/bus';
import { functionIds } from './logical-ids';
import type { Resources } from './resources';
import { DATA_KEY_ID } from './storage/data-key';

interface AcceptedFinding {
  /** checkov's rules begin with CKV; the others belong to serverless-rules, a plug-in of cfn-lint. */
  readonly rule: string;
  /** Resource type that has the finding. */
  readonly type: string;
  readonly reason: string;
  /** Selects resources of the type by logical id; without it, all have the finding. */
  readonly on?: (id: string) => boolean;
}

const FUNCTION = 'AWS::Serverless::Function';
const QUEUE = 'AWS::SQS::Queue';

const isPublic = (id: string) => URL_FUNCTION_KEYS.some((key) => functionIds(key).function === id);

export const ACCEPTED_FINDINGS: readonly AcceptedFinding[] = [
  {
    rule: 'CKV_AWS_27',
    type: QUEUE,
    reason:
      'Encrypted by SQS itself (SSE-SQS), which this rule does not know. With a key of ours, an event that failed because of that key could not reach its queue.',
  },
  {
    rule: 'CKV_AWS_33',
    type: 'AWS::KMS::Key',
    reason:
      "Allows callers of this account through DynamoDB and Lambda only; they need the service's permission as well. AWS's own keys for both services have the same policy.",
    on: (id) => id === DATA_KEY_ID,
  },
  {
    rule: 'CKV_AWS_115',
    type: FUNCTION,
    reason:
      "Reserved concurrency is taken from the rest of the account. Parameters set it for the shipment processor and the carriers' public address.",
    on: (id) => id !== functionIds('shipment-processor').function && !isPublic(id),
  },
  {
    rule: 'CKV_AWS_116',
    type: FUNCTION,
    reason: 'Its dead-letter queue is the OnFailure destination, which also gets the reason of the failure.',
    on: (id) => !isPublic(id),
  },
  {
    rule: 'CKV_AWS_116',
    type: FUNCTION,
    reason: 'Its caller waits for the response and calls again after a failure.',
    on: isPublic,
  },
  {
    rule: 'CKV_AWS_258',
    type: 'AWS::Lambda::Url',
    reason:
      'A carrier platform signs its calls in its own way, which IAM does not know. The function verifies that signature first.',
  },
  {
    rule: 'CKV_AWS_117',
    type: FUNCTION,
    reason: 'The functions call only AWS APIs. In a VPC they would need endpoints or a NAT gateway for that.',
  },
  { rule: 'WS1000', type: FUNCTION, reason: 'Traced when the parameter EnableXRay is true.' },
  {
    rule: 'WS1004',
    type: FUNCTION,
    reason: 'LoggingConfig references a declared log group with retention; this rule looks for one by its name.',
  },
  {
    rule: 'ES1007',
    type: 'AWS::Lambda::Permission',
    reason: "The function's EventInvokeConfig is a property of the SAM function, where this rule does not look.",
    on: (id) => [...EVENT_FUNCTION_KEYS, ...SCHEDULED_FUNCTION_KEYS].some((key) => functionIds(key).permission === id),
  },
  {
    rule: 'ES4000',
    type: 'AWS::Events::Rule',
    reason:
      'Its target is a queue already, and a second one would fail for the same reasons. An alarm reports a failure, and the archive has the events.',
    on: (id) => id === UNROUTED_RULE_ID,
  },
  { rule: 'ES6000', type: QUEUE, reason: 'It is a dead-letter queue itself; only an operator reads it.' },
  {
    rule: 'ES7000',
    type: 'AWS::SNS::Subscription',
    reason: 'Mail to operators. A lost mail loses nothing: the alarm keeps its state, and the error table its rows.',
  },
];

/** Adds to each resource's metadata the reasons for its accepted findings. */
export const withAcceptedFindings = (resources: Resources): Resources =>
  Object.fromEntries(Object.entries(resources).map(([id, resource]) => [id, withReasons(id, resource)]));

function withReasons(id: string, resource: Resource): Resource {
  const findings = ACCEPTED_FINDINGS.filter(({ type, on = () => true }) => type === resource.Type && on(id));
  if (findings.length === 0) return resource;
  const checkov = findings.filter(({ rule }) => rule.startsWith('CKV_'));
  const cfnLint = findings.filter((finding) => !checkov.includes(finding));
  return {
    ...resource,
    Metadata: {
      ...resource.Metadata,
      ...(checkov.length > 0 && {
        checkov: { skip: checkov.map(({ rule, reason }) => ({ id: rule, comment: reason })) },
      }),
      ...(cfnLint.length > 0 && {
        'cfn-lint': {
          config: { ignore_checks: cfnLint.map(({ rule }) => rule) },
          reasons: Object.fromEntries(cfnLint.map(({ rule, reason }) => [rule, reason])),
        },
      }),
    },
  };
}
