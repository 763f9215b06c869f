/** Stalled shipments as an operator turns them on and other systems receive them, on the deployed stack. */
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeRuleCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { AlarmName } from '../../../contracts/alarms';
import {
  FUNCTION_KEYS,
  functionName,
  LIVE_ALIAS,
  SCHEDULED_FUNCTION_KEYS,
  SCHEDULED_FUNCTIONS,
} from '../../../contracts/functions';
import { inEnvironment } from '../../../contracts/names';
import { pageState } from '../../../demo/page/state';
import { until } from '../../../lib/until.mjs';
import { deployBuilt, ENVIRONMENT } from '../../../local/deploy';
import { CREDENTIALS, localEnvironment, REGION } from '../../../local/environment';
import { messagesByQueue, shipmentOf, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { parseShipmentStalled } from '../../../publisher/status-events';
import { stalledMessage } from '../../../src/domain/messages';
import { logistics } from '../../support/operator';
import { startStack } from '../../support/stack';

const SUBSCRIBER = 'subscriber';
const RULE = inEnvironment(SCHEDULED_FUNCTIONS['stalled-shipments'].rule, ENVIRONMENT);
const DAY_MS = 86_400_000;

let stack: LocalStack;

const deployWith = (days: number) =>
  deployBuilt(stack.build, localEnvironment(stack.endpoint), ['--parameter-overrides', `StalledAfterDays=${days}`]);

beforeAll(async () => {
  stack = await startStack();
  await deployWith(3);
  await subscribe(stack);
}, 180_000);

async function subscribe({ endpoint, events, outputs }: LocalStack): Promise<void> {
  const sqs = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: SUBSCRIBER }));
  const queue = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const rule = { EventBusName: outputs['EventBusName'], Rule: SUBSCRIBER };
  const EventPattern = JSON.stringify({ source: ['logistics.status'] });
  await events.send(new PutRuleCommand({ Name: SUBSCRIBER, EventBusName: rule.EventBusName, EventPattern }));
  await events.send(
    new PutTargetsCommand({ ...rule, Targets: [{ Id: 'queue', Arn: queue.Attributes?.['QueueArn'] }] }),
  );
}

/** Bodies that the subscriber received, of one detail-type. */
const received = async (detailType: string) =>
  ((await messagesByQueue(stack.endpoint)).get(SUBSCRIBER) ?? []).filter(
    (body) => JSON.parse(body)['detail-type'] === detailType,
  );

const stalled = async () => (await received('Shipment Stalled')).map(parseShipmentStalled);

const stateOfRule = async () => (await stack.events.send(new DescribeRuleCommand({ Name: RULE }))).State;

/** Functions whose errors the alarm on them adds up. */
async function watchedFunctions(): Promise<number | undefined> {
  const cloudWatch = new CloudWatchClient({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
  const AlarmNames = [inEnvironment('logistics-high-errors' satisfies AlarmName, ENVIRONMENT)];
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames }));
  return MetricAlarms?.[0]?.Metrics?.filter(({ MetricStat }) => MetricStat).length;
}

/** An update of so many days ago, whose row is seen. */
async function updated(shipment_id: string, status: string, daysAgo: number): Promise<void> {
  const occurred_at = new Date(Date.now() - daysAgo * DAY_MS).toISOString();
  const event_id = `${shipment_id}-${status}`;
  await stack.send({
    source: 'logistics.shipment',
    'detail-type': 'Shipment Status Updated',
    time: occurred_at,
    detail: { shipment_id, status, event_id, occurred_at },
  });
  await until(async () => (await takeSnapshot(stack)).shipments.some((row) => row['event_id'] === event_id));
}

/** A run that EventBridge delivers twice. */
async function runTwiceAtOnce(): Promise<void> {
  const lambda = new LambdaClient({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
  const FunctionName = inEnvironment(functionName('stalled-shipments'), ENVIRONMENT);
  const invoke = () => lambda.send(new InvokeCommand({ FunctionName, Qualifier: LIVE_ALIAS, Payload: '{}' }));
  const answers = await Promise.all([invoke(), invoke()]);
  expect(answers.map(({ FunctionError }) => FunctionError)).toEqual([undefined, undefined]);
}

it('are reported by the schedule once for each status that has stood for the days, and change nothing else', async () => {
  await updated('STUCK', 'in_transit', 3.5);
  await updated('CLOSED', 'delivered', 3.5);
  await updated('FRESH', 'in_transit', 2);
  await updated('OLD', 'pending', 6);

  // The emulator counts from when the rule was made: its first run is due.
  await stack.events.send(new PutRuleCommand({ Name: RULE, ScheduleExpression: 'rate(1 minute)' }));
  await until(async () => (await stalled()).length > 0, 120_000);
  await stack.events.send(new PutRuleCommand({ Name: RULE, ScheduleExpression: 'rate(1 hour)' }));
  await runTwiceAtOnce();

  expect(await stalled()).toEqual([
    { shipment_id: 'STUCK', status: 'in_transit', since: expect.any(String), days: 3, event_id: 'STUCK-in_transit' },
  ]);
  const { notifications, failed } = await takeSnapshot(stack);
  const reports = notifications.processing.filter(({ MessageAttributes }) => MessageAttributes?.['stalled']);
  expect(reports.map(shipmentOf)).toEqual(['STUCK']);
  expect(reports[0]?.MessageAttributes?.['status']).toBeUndefined();
  expect(failed['stalled-shipments']).toEqual([]);

  await updated('STUCK', 'out_for_delivery', 3.2);
  await runTwiceAtOnce();

  expect((await stalled()).map(({ event_id }) => event_id).sort()).toEqual([
    'STUCK-in_transit',
    'STUCK-out_for_delivery',
  ]);
  // A mark on a row is no change of a status.
  await until(async () => (await received('Shipment Status Changed')).length >= 5);
  expect(await received('Shipment Status Changed')).toHaveLength(5);
  const page = await pageState(stack, undefined);
  const subjects = (await stalled()).map((shipment) => stalledMessage(shipment, ENVIRONMENT).subject);
  expect(page.notified.map(({ subject }) => subject)).toEqual(expect.arrayContaining(subjects));
  expect((await logistics(stack.endpoint, ['rebuild', '--dry-run'])).code).toBe(0);
}, 300_000);

it('are shown by doctor as long as they are reported, and are neither looked for nor watched by alarms when the days are 0', async () => {
  const finding = async () => {
    const { stdout } = await logistics(stack.endpoint, ['doctor', '--json']);
    const lines = stdout.split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line)).find(({ check }) => check === 'stalled shipments');
  };

  expect([await stateOfRule(), await watchedFunctions(), await finding()]).toEqual([
    'ENABLED',
    FUNCTION_KEYS.length,
    expect.objectContaining({ state: 'ok', finding: 'reported after 3 days, looked for at rate(1 hour)' }),
  ]);

  await deployWith(0);

  expect([await stateOfRule(), await watchedFunctions(), await finding()]).toEqual([
    'DISABLED',
    FUNCTION_KEYS.length - SCHEDULED_FUNCTION_KEYS.length,
    expect.objectContaining({ state: 'ok', finding: 'not reported: StalledAfterDays is 0' }),
  ]);
}, 180_000);
