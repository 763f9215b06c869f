/** The policies of keys, queues, topics and the bus, asked of an IAM engine that is not ours: the embedded AWS's own, which it otherwise does not ask. */
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

/** The answers of the policy in a resource's property; of the bus, one statement. */
function answers(id: string, property: 'KeyPolicy' | 'PolicyDocument' | 'Statement', asked: readonly Request[]) {
  const found = stack.properties(id)[property];
  return decisions({ policy: (property === 'Statement' ? { Statement: [found] } : found) as PolicyDocument }, asked);
}

const root = `arn:aws:iam::${ACCOUNT}:root`;
const PLAIN = { 'aws:SecureTransport': 'false' };
const directly = { 'aws:ViaAWSService': 'false', 'aws:PrincipalIsAWSService': 'false' };
const throughCloudFormation = { ...directly, 'aws:ViaAWSService': 'true' };

const OF_KEYS: readonly [what: string, Decision, Omit<Request, 'resource'>][] = [
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
  const resource = stack.arn(id);
  const given = answers(
    id,
    'KeyPolicy',
    OF_KEYS.map(([, , request]) => ({ ...request, resource })),
  );
  expect(OF_KEYS.map(([what], index) => [what, given[index]])).toEqual(
    OF_KEYS.map(([what, expected]) => [what, expected]),
  );
});

it('a queue takes events from its own rule, and nothing without TLS', () => {
  const resource = stack.arn('StatusUpdaterFailureQueue');
  const from = (rule: string, more: Context = {}): Request => ({
    action: 'sqs:SendMessage',
    resource,
    principal: 'events.amazonaws.com',
    context: { 'aws:SourceArn': stack.arn(rule), ...more },
  });

  expect(
    answers('StatusUpdaterFailureQueuePolicy', 'PolicyDocument', [
      from('StatusUpdaterRule'),
      from('UnroutedRule'),
      from('StatusUpdaterRule', PLAIN),
      { action: 'sqs:ReceiveMessage', resource },
      { action: 'sqs:ReceiveMessage', resource, context: PLAIN },
    ]),
  ).toEqual(['Allow', 'ImplicitDeny', 'Deny', 'ImplicitDeny', 'Deny']);
});

it.each([
  ['AlertsTopic', 'takes alarms of this environment in this account alone', 'Allow'],
  ['ProcessingTopic', 'takes no alarms', 'ImplicitDeny'],
])('%s %s, and nothing without TLS', (id, _, alarm) => {
  const asked = { action: 'sns:Publish', resource: stack.arn(id) };
  const alarmOf = (account: string, environment = 'dev', more: Context = {}): Request => ({
    ...asked,
    principal: 'cloudwatch.amazonaws.com',
    context: {
      'aws:SourceAccount': account,
      'aws:SourceArn': `arn:aws:cloudwatch:us-east-1:${account}:alarm:logistics-high-errors-${environment}`,
      ...more,
    },
  });

  expect(
    answers(`${id}Policy`, 'PolicyDocument', [
      alarmOf(ACCOUNT),
      alarmOf(PRODUCER),
      alarmOf(ACCOUNT, 'staging'),
      alarmOf(ACCOUNT, 'dev', PLAIN),
      asked,
      { ...asked, context: PLAIN },
    ]),
  ).toEqual([alarm, 'ImplicitDeny', 'ImplicitDeny', 'Deny', 'ImplicitDeny', 'Deny']);
});

describe('the bus', () => {
  const [SHIPMENT, ERROR, ANNOUNCEMENT] = ['logistics.shipment', 'logistics.error', 'logistics.pipeline'] as const;

  const put = (principal: string, source: string | readonly string[]): Request => ({
    action: 'events:PutEvents',
    resource: stack.arn('EventBus'),
    principal,
    context: { 'events:source': source },
  });

  it.each([
    ['ProducerAccess', 'shipment', PRODUCER, REPORTER, [[SHIPMENT], [SHIPMENT, SHIPMENT]]],
    ['ErrorProducerAccess', 'error', REPORTER, PRODUCER, [[ERROR]]],
  ])('takes by %s only %s events, from accounts that are named for them', (id, _, named, other, expected) => {
    const batches = [[SHIPMENT], [SHIPMENT, SHIPMENT], [ERROR], [SHIPMENT, ERROR], ['aws.s3']];
    const taken = (account: string) => {
      const given = answers(
        id,
        'Statement',
        batches.map((sources) => put(roleOf(account), sources)),
      );
      return batches.filter((_sources, index) => given[index] === 'Allow');
    };

    expect([taken(named), taken(other)]).toEqual([expected, []]);
  });

  // The engine takes the ARN of the caller for `aws:PrincipalArn`, which on AWS is the ARN of its role.
  const [publisher, updater, notifier] = ['StatusPublisherRole', 'StatusUpdaterRole', 'NotificationHandlerRole'].map(
    (id) => stack.arn(id),
  ) as [string, string, string];

  it('takes status events from the status publisher alone, not from the operator', () => {
    const callers = [publisher, updater, roleOf(ACCOUNT), roleOf(PRODUCER)];

    const given = answers(
      'OwnStatusEvents',
      'Statement',
      callers.map((caller) => put(caller, ['logistics.status'])),
    );
    expect(given).toEqual(['ImplicitDeny', 'Deny', 'Deny', 'Deny']);
  });

  it('takes announcements from the functions that announce alone', () => {
    expect(
      answers('OwnAnnouncements', 'Statement', [
        put(updater, [ANNOUNCEMENT]),
        put(stack.arn('ShipmentProcessorRole'), [ANNOUNCEMENT]),
        put(notifier, [ANNOUNCEMENT]),
        put(notifier, ANNOUNCEMENT),
        put(notifier, [SHIPMENT, ANNOUNCEMENT]),
        put(roleOf(PRODUCER), [ANNOUNCEMENT]),
        put(notifier, [SHIPMENT]),
      ]),
    ).toEqual(['ImplicitDeny', 'ImplicitDeny', 'Deny', 'Deny', 'Deny', 'Deny', 'ImplicitDeny']);
  });
});
