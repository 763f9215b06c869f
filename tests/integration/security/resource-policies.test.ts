/** The policies of keys, queues, topics and the bus, by the IAM engine of the embedded AWS, which does not enforce them itself. */
import { APPLICATION } from '../../../contracts/names';
import { rendered } from '../../support/rendered';
import { ACCOUNT, type Context, type Decision, decisions, type PolicyDocument, type Request, roleOf } from './iam';
import { Stack } from './resolved';

const [PRODUCER, REPORTER] = ['222233334444', '444455556666'] as const;

const stack = new Stack(`${APPLICATION}-dev`, rendered, {
  EnvironmentSuffix: 'dev',
  TableDeletionProtection: 'true',
  ProducerAccountIds: [PRODUCER],
  ErrorProducerAccountIds: [REPORTER],
});

/** Decisions by the policy in a resource's property; for the bus, by one statement. */
function decide(id: string, property: 'KeyPolicy' | 'PolicyDocument' | 'Statement', requests: readonly Request[]) {
  const value = stack.properties(id)[property];
  const policy = (property === 'Statement' ? { Statement: [value] } : value) as PolicyDocument;
  return decisions({ policy }, requests);
}

const root = `arn:aws:iam::${ACCOUNT}:root`;
const WITHOUT_TLS = { 'aws:SecureTransport': 'false' };
const directly = { 'aws:ViaAWSService': 'false', 'aws:PrincipalIsAWSService': 'false' };
const throughCloudFormation = { ...directly, 'aws:ViaAWSService': 'true' };

const KEY_REQUESTS: readonly [title: string, Decision, Omit<Request, 'resource'>][] = [
  ['an administrator changes its policy', 'Deny', { action: 'kms:PutKeyPolicy', context: directly }],
  ['the same without condition keys about services', 'Deny', { action: 'kms:PutKeyPolicy' }],
  ['a deployment changes its policy', 'Allow', { action: 'kms:PutKeyPolicy', context: throughCloudFormation }],
  ['the root user changes its policy', 'Allow', { action: 'kms:PutKeyPolicy', principal: root, context: directly }],
  ['an administrator revokes a grant', 'Deny', { action: 'kms:RevokeGrant', context: directly }],
  ['a service revokes a grant', 'Allow', { action: 'kms:RevokeGrant', context: throughCloudFormation }],
  ['a deployment disables it', 'Deny', { action: 'kms:DisableKey', context: throughCloudFormation }],
  ['the root user deletes it', 'Deny', { action: 'kms:ScheduleKeyDeletion', principal: root }],
  ['an administrator looks at it', 'Allow', { action: 'kms:DescribeKey', context: directly }],
];

it.each(['TopicKey', 'DataKey'])(
  'the protected %s can be changed by deployments, and not be disabled or deleted',
  (id) => {
    const requests = KEY_REQUESTS.map(([, , request]) => ({ ...request, resource: stack.arn(id) }));
    const actual = decide(id, 'KeyPolicy', requests);
    expect(KEY_REQUESTS.map(([title], index) => [title, actual[index]])).toEqual(
      KEY_REQUESTS.map(([title, expected]) => [title, expected]),
    );
  },
);

it('a queue accepts events from its own rule only, and nothing without TLS', () => {
  const resource = stack.arn('StatusUpdaterFailureQueue');
  const from = (rule: string, context: Context = {}): Request => ({
    action: 'sqs:SendMessage',
    resource,
    principal: 'events.amazonaws.com',
    context: { 'aws:SourceArn': stack.arn(rule), ...context },
  });

  expect(
    decide('StatusUpdaterFailureQueuePolicy', 'PolicyDocument', [
      from('StatusUpdaterRule'),
      from('UnroutedRule'),
      from('StatusUpdaterRule', WITHOUT_TLS),
      { action: 'sqs:ReceiveMessage', resource },
      { action: 'sqs:ReceiveMessage', resource, context: WITHOUT_TLS },
    ]),
  ).toEqual(['Allow', 'ImplicitDeny', 'Deny', 'ImplicitDeny', 'Deny']);
});

it.each([
  ['AlertsTopic', 'accepts alarms of this environment and account only', 'Allow'],
  ['ProcessingTopic', 'accepts no alarms', 'ImplicitDeny'],
])('%s %s, and nothing without TLS', (id, _, alarm) => {
  const publish = { action: 'sns:Publish', resource: stack.arn(id) };
  const alarmOf = (account: string, environment = 'dev', context: Context = {}): Request => ({
    ...publish,
    principal: 'cloudwatch.amazonaws.com',
    context: {
      'aws:SourceAccount': account,
      'aws:SourceArn': `arn:aws:cloudwatch:us-east-1:${account}:alarm:logistics-high-errors-${environment}`,
      ...context,
    },
  });

  expect(
    decide(`${id}Policy`, 'PolicyDocument', [
      alarmOf(ACCOUNT),
      alarmOf(PRODUCER),
      alarmOf(ACCOUNT, 'staging'),
      alarmOf(ACCOUNT, 'dev', WITHOUT_TLS),
      publish,
      { ...publish, context: WITHOUT_TLS },
    ]),
  ).toEqual([alarm, 'ImplicitDeny', 'ImplicitDeny', 'Deny', 'ImplicitDeny', 'Deny']);
});

describe('the bus', () => {
  const [SHIPMENT, ERROR, FAILURE] = ['logistics.shipment', 'logistics.error', 'logistics.pipeline'] as const;

  const put = (principal: string, source: string | readonly string[]): Request => ({
    action: 'events:PutEvents',
    resource: stack.arn('EventBus'),
    principal,
    context: { 'events:source': source },
  });

  it.each([
    ['ProducerAccess', 'shipment', PRODUCER, REPORTER, [[SHIPMENT], [SHIPMENT, SHIPMENT]]],
    ['ErrorProducerAccess', 'error', REPORTER, PRODUCER, [[ERROR]]],
  ])('accepts by %s only %s events, from the accounts named for them', (id, _, named, other, expected) => {
    const batches = [[SHIPMENT], [SHIPMENT, SHIPMENT], [ERROR], [SHIPMENT, ERROR], ['aws.s3']];
    const accepted = (account: string) => {
      const requests = batches.map((sources) => put(roleOf(account), sources));
      const actual = decide(id, 'Statement', requests);
      return batches.filter((_sources, index) => actual[index] === 'Allow');
    };

    expect([accepted(named), accepted(other)]).toEqual([expected, []]);
  });

  // The engine uses the caller's ARN as `aws:PrincipalArn`; on AWS this is the ARN of the caller's role.
  const [publisher, updater, notifier] = ['StatusPublisherRole', 'StatusUpdaterRole', 'NotificationHandlerRole'].map(
    (id) => stack.arn(id),
  ) as [string, string, string];

  it('denies status events from all but the status publisher, an administrator included', () => {
    const callers = [publisher, updater, roleOf(ACCOUNT), roleOf(PRODUCER)];
    const requests = callers.map((caller) => put(caller, ['logistics.status']));
    expect(decide('OwnStatusEvents', 'Statement', requests)).toEqual(['ImplicitDeny', 'Deny', 'Deny', 'Deny']);
  });

  it('denies reports of failures from all but the functions that report them', () => {
    expect(
      decide('OwnAnnouncements', 'Statement', [
        put(updater, [FAILURE]),
        put(stack.arn('ShipmentProcessorRole'), [FAILURE]),
        put(notifier, [FAILURE]),
        put(notifier, FAILURE),
        put(notifier, [SHIPMENT, FAILURE]),
        put(roleOf(PRODUCER), [FAILURE]),
        put(notifier, [SHIPMENT]),
      ]),
    ).toEqual(['ImplicitDeny', 'ImplicitDeny', 'Deny', 'Deny', 'Deny', 'Deny', 'ImplicitDeny']);
  });
});
