/**
 * The policies of keys, queues, topics and the bus, asked of an IAM engine that is not ours: the embedded AWS's own, which it otherwise does not
 * ask. How AWS fills the context of a request is taken from its documents.
 */
import { toolPython } from '../../../lib/tools.mjs';
import { ask } from '../../support/engines/ask';
import { resources } from '../../support/rendered';

const ENGINE = `
import json, sys
from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy

def decide(request):
    context = EvalContext(
        principal_arn=request["principal"], principal_type="AssumedRole", principal_account=request["account"],
        action=request["action"], resource_arn=request["resource"], region="us-east-1", source_ip="192.0.2.1",
        secure_transport=request["tls"], service_context={key.lower(): value for key, value in request["context"].items()})
    return evaluate_resource_policy(request["policy"], context, service=request["service"]).decision

json.dump([decide(request) for request in json.load(sys.stdin)], sys.stdout)
`;

const [OURS, PRODUCER, REPORTER] = ['999988887777', '111122223333', '444455556666'];
const roleOf = (account: string) => `arn:aws:sts::${account}:assumed-role/admin/session`;
const rootOf = (account: string) => `arn:aws:iam::${account}:root`;
const arnOf = (id: string) => `arn:aws:any:us-east-1:${OURS}:${id}`;

const REFERENCES: Readonly<Record<string, unknown>> = {
  'AWS::AccountId': OURS,
  ProducerAccountIds: [PRODUCER],
  ErrorProducerAccountIds: [REPORTER],
};

/** A value of the template in our account, with every condition true. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const [[key = '', inner] = []] = Object.entries(value);
  if (key === 'Ref') return REFERENCES[String(inner)] ?? arnOf(String(inner));
  if (key === 'Fn::GetAtt') return arnOf((inner as string[])[0] ?? '');
  if (key === 'Fn::If') return resolved((inner as unknown[])[1]);
  if (key === 'Fn::Sub') {
    const text = String(inner).replaceAll('${AWS::AccountId}', OURS);
    return text
      .replaceAll('${AWS::Partition}', 'aws')
      .replaceAll('${AWS::Region}', 'us-east-1')
      .replaceAll('${EnvironmentSuffix}', 'dev');
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolved(member)]));
}

/** The policy in a resource's property; of the bus, one statement. */
function policyOf(id: string, property: string): unknown {
  const policy = resolved(resources[id]?.Properties?.[property]);
  return property === 'Statement' ? { Statement: [policy] } : policy;
}

interface Request {
  readonly action: string;
  readonly principal?: string;
  readonly service?: string;
  readonly tls?: boolean;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** The engine's verdict on each request; "ImplicitDeny" leaves it to IAM in the same account, and refuses it of another. */
function decisions(policy: unknown, resource: string, requests: readonly Request[]): string[] {
  const asked = requests.map(({ principal = roleOf(OURS), service = null, tls = true, context = {}, action }) => {
    const account = principal.split(':')[4];
    return { policy, resource: arnOf(resource), action, principal, account, service, tls, context };
  });
  return JSON.parse(ask(toolPython('emulator'), ['-c', ENGINE], JSON.stringify(asked)));
}

const directly = { 'aws:ViaAWSService': 'false', 'aws:PrincipalIsAWSService': 'false' };
const throughCloudFormation = { ...directly, 'aws:ViaAWSService': 'true' };

const root = rootOf(OURS);

const OF_KEYS: readonly [string, string, Request][] = [
  ['an administrator changes its policy', 'Deny', { action: 'kms:PutKeyPolicy', context: directly }],
  ['the same, and nothing is said about services', 'Deny', { action: 'kms:PutKeyPolicy' }],
  ['a deployment changes its policy', 'Allow', { action: 'kms:PutKeyPolicy', context: throughCloudFormation }],
  ['the root user changes its policy', 'Allow', { action: 'kms:PutKeyPolicy', principal: root, context: directly }],
  ['an administrator revokes a grant', 'Deny', { action: 'kms:RevokeGrant', context: directly }],
  ['a service revokes a grant', 'Allow', { action: 'kms:RevokeGrant', context: throughCloudFormation }],
  ['a deployment disables it', 'Deny', { action: 'kms:DisableKey', context: throughCloudFormation }],
  ['the root user deletes it', 'Deny', { action: 'kms:ScheduleKeyDeletion', principal: root }],
  ['an administrator looks at it', 'Allow', { action: 'kms:DescribeKey', context: directly }],
];

it.each(['TopicKey', 'DataKey'])('the protected %s can be managed by deployments, and not be taken away', (id) => {
  const answers = decisions(
    policyOf(id, 'KeyPolicy'),
    id,
    OF_KEYS.map(([, , request]) => request),
  );
  expect(OF_KEYS.map(([what], index) => [what, answers[index]])).toEqual(
    OF_KEYS.map(([what, expected]) => [what, expected]),
  );
});

it('a queue takes events from its own rule, and nothing without TLS', () => {
  const service = 'events.amazonaws.com';
  const send = { action: 'sqs:SendMessage', principal: 'events.amazonaws.com:::: ', service };
  const from = (rule: string) => ({ ...send, context: { 'aws:SourceArn': arnOf(rule) } });

  expect(
    decisions(policyOf('StatusUpdaterFailureQueuePolicy', 'PolicyDocument'), 'StatusUpdaterFailureQueue', [
      from('StatusUpdaterRule'),
      from('UnroutedRule'),
      { ...from('StatusUpdaterRule'), tls: false },
      { action: 'sqs:ReceiveMessage' },
      { action: 'sqs:ReceiveMessage', tls: false },
    ]),
  ).toEqual(['Allow', 'ImplicitDeny', 'Deny', 'ImplicitDeny', 'Deny']);
});

it('a topic takes alarms of this environment in this account, and nothing without TLS', () => {
  const alarmOf = (account: string, environment = 'dev') => ({
    action: 'sns:Publish',
    principal: 'cloudwatch.amazonaws.com:::: ',
    service: 'cloudwatch.amazonaws.com',
    context: {
      'aws:SourceAccount': account,
      'aws:SourceArn': `arn:aws:cloudwatch:us-east-1:${account}:alarm:logistics-high-errors-${environment}`,
    },
  });
  const requests = [
    alarmOf(OURS),
    alarmOf(PRODUCER),
    alarmOf(OURS, 'staging'),
    { ...alarmOf(OURS), tls: false },
    { action: 'sns:Publish' },
    { action: 'sns:Publish', tls: false },
  ];

  const [alerts, processing] = ['AlertsTopic', 'ProcessingTopic'].map((id) =>
    decisions(policyOf(`${id}Policy`, 'PolicyDocument'), id, requests),
  );
  expect(alerts).toEqual(['Allow', 'ImplicitDeny', 'ImplicitDeny', 'Deny', 'ImplicitDeny', 'Deny']);
  expect(processing).toEqual(['ImplicitDeny', 'ImplicitDeny', 'ImplicitDeny', 'Deny', 'ImplicitDeny', 'Deny']);
});

describe('the bus', () => {
  const SHIPMENT = 'logistics.shipment';
  const ERROR = 'logistics.error';
  const BATCHES = [[SHIPMENT], [SHIPMENT, SHIPMENT], [ERROR], [SHIPMENT, ERROR], ['aws.s3']];

  /** The batches of sources that an account may put on it. */
  function taken(id: string, account: string) {
    const requests = BATCHES.map((sources) => ({
      action: 'events:PutEvents',
      principal: roleOf(account),
      context: { 'events:source': sources },
    }));
    const answers = decisions(policyOf(id, 'Statement'), 'EventBus', requests);
    return BATCHES.filter((_, index) => answers[index] === 'Allow');
  }

  it('takes shipment events alone from accounts that are named for them', () => {
    expect(taken('ProducerAccess', PRODUCER ?? '')).toEqual([[SHIPMENT], [SHIPMENT, SHIPMENT]]);
    expect(taken('ProducerAccess', REPORTER ?? '')).toEqual([]);
  });

  it('takes error events alone from accounts that are named for them', () => {
    expect(taken('ErrorProducerAccess', REPORTER ?? '')).toEqual([[ERROR]]);
    expect(taken('ErrorProducerAccess', PRODUCER ?? '')).toEqual([]);
  });

  it('takes status events from the status publisher alone, not from the operator', () => {
    const put = (principal: string) => ({
      action: 'events:PutEvents',
      principal,
      context: { 'events:source': ['logistics.status'] },
    });
    const callers = [arnOf('StatusPublisherRole'), arnOf('StatusUpdaterRole'), roleOf(OURS), roleOf(PRODUCER ?? '')];

    expect(decisions(policyOf('OwnStatusEvents', 'Statement'), 'EventBus', callers.map(put))).toEqual([
      'ImplicitDeny',
      'Deny',
      'Deny',
      'Deny',
    ]);
  });

  it('takes announcements from the functions that announce alone', () => {
    const put = (sources: unknown, principal: string) => ({
      action: 'events:PutEvents',
      principal,
      context: { 'events:source': sources },
    });
    // The engine takes the ARN of the caller for `aws:PrincipalArn`, which on AWS is the ARN of its role.
    const [announcer, other] = [arnOf('StatusUpdaterRole'), arnOf('NotificationHandlerRole')];

    expect(
      decisions(policyOf('OwnAnnouncements', 'Statement'), 'EventBus', [
        put(['logistics.pipeline'], announcer),
        put(['logistics.pipeline'], arnOf('ShipmentProcessorRole')),
        put(['logistics.pipeline'], other),
        put('logistics.pipeline', other),
        put([SHIPMENT, 'logistics.pipeline'], other),
        put(['logistics.pipeline'], roleOf(PRODUCER ?? '')),
        put([SHIPMENT], other),
      ]),
    ).toEqual(['ImplicitDeny', 'ImplicitDeny', 'Deny', 'Deny', 'Deny', 'Deny', 'ImplicitDeny']);
  });
});
