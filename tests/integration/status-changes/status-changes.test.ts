/** Statuses as other systems receive them: a queue of theirs behind a rule of theirs, on the deployed stack. */
import { writeFileSync } from 'node:fs';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type PutItemInput, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { until } from '../../../lib/until.mjs';
import { runSam } from '../../../local/deploy';
import { CREDENTIALS, localEnvironment, REGION } from '../../../local/environment';
import { FaultProxy } from '../../../local/faults/fault-proxy';
import { messagesByQueue, type Row, shipmentOf, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';
import { logistics } from '../../support/operator';
import { SEED } from '../../support/sample';
import { sendAll, shuffledDay } from '../../support/shuffled-day';
import { startStack } from '../../support/stack';

const SUBSCRIBER = 'subscriber';

const EXAMPLE = 'examples/subscriber';

let stack: LocalStack;

/** The example's table. */
let statuses: string;

/** Calls with status changes, and those of them that were refused. */
const puts = { made: 0, refused: 0 };

/** Each version that a row of the shipments table had, as {@link line} has it. */
const versions = new Set<string>();

/** What a subscriber receives about a row. */
const line = ({ shipment_id, version, status, event_id }: Readonly<Record<string, unknown>>) =>
  [shipment_id, version, status, event_id].join(' ');

beforeAll(async () => {
  const proxy = new FaultProxy();
  stopAfterTests(async () => proxy.close());
  stack = await startStack({ AWS_ENDPOINT_URL: await proxy.listen() });
  proxy.forwardTo(stack.endpoint);
  // Four refusals in a row are one more than an invocation tries: the batch comes again from there.
  proxy.beginDelivery(({ service }, body) => {
    if (service !== 'events' || !body.includes('logistics.status')) return undefined;
    puts.made += 1;
    if (puts.made % 7 > 3) return undefined;
    puts.refused += 1;
    return 'entry refused';
  });
  proxy.watch(({ service }, body, status) => {
    if (service !== 'dynamodb' || status !== 200) return;
    const { TableName, Item } = JSON.parse(body.toString()) as PutItemInput;
    if (TableName === stack.outputs['ShipmentsTableName'] && Item) versions.add(line(unmarshall(Item)));
  });
  await subscribe(stack);
  statuses = await deployExample(stack.endpoint);
}, 180_000);

/** By the commands of docs/subscribe.md, but for its questions. */
async function deployExample(endpoint: string): Promise<string> {
  const build = temporaryFolder('subscriber');
  const env = localEnvironment(endpoint);
  await runSam(
    ['build', '--template-file', `${EXAMPLE}/template.yaml`, '--build-dir', build, '--build-in-source'],
    env,
  );
  const stackOptions = ['--stack-name', 'subscriber', '--capabilities', 'CAPABILITY_IAM', '--resolve-s3'];
  await runSam(['deploy', '--template-file', `${build}/template.yaml`, ...stackOptions], env);
  const client = new CloudFormationClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'subscriber' }));
  return Stacks?.[0]?.Outputs?.[0]?.OutputValue ?? '';
}

async function subscribe({ endpoint, events, outputs }: LocalStack): Promise<void> {
  const sqs = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: SUBSCRIBER }));
  const queue = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const rule = { EventBusName: outputs['EventBusName'], Rule: SUBSCRIBER };
  await events.send(
    new PutRuleCommand({
      Name: SUBSCRIBER,
      EventBusName: rule.EventBusName,
      EventPattern: JSON.stringify({ source: ['logistics.status'] }),
    }),
  );
  await events.send(
    new PutTargetsCommand({ ...rule, Targets: [{ Id: 'queue', Arn: queue.Attributes?.['QueueArn'] }] }),
  );
}

interface Received extends Readonly<Record<string, unknown>> {
  readonly shipment_id: string;
  readonly version: string;
}

const received = async (): Promise<Received[]> =>
  ((await messagesByQueue(stack.endpoint)).get(SUBSCRIBER) ?? []).map((body) => JSON.parse(body).detail);

const rows = async (): Promise<readonly Row[]> => (await takeSnapshot(stack)).shipments;

/** Version and status of each shipment as the example has them. */
async function keptByExample(): Promise<ReadonlyMap<string, string>> {
  const { Items = [] } = await stack.db.send(new ScanCommand({ TableName: statuses, ConsistentRead: true }));
  return new Map(Items.map(({ shipment_id, version, status }) => [shipment_id?.S ?? '', `${version?.S} ${status?.S}`]));
}

/** The greatest version of each shipment: all that a subscriber has to keep. */
const greatest = (changes: readonly Received[]) => {
  const kept = new Map<string, string>();
  for (const { shipment_id, version } of changes)
    if (version > (kept.get(shipment_id) ?? '')) kept.set(shipment_id, version);
  return kept;
};

it(`is each version that the table had, and no other, after a shuffled, duplicated and partly failing day, so that the greatest is the table's (seed ${SEED})`, async () => {
  await sendAll(shuffledDay().deliveries, stack);

  await until(async () => {
    const [kept, table] = [await keptByExample(), await rows()];
    return table.every(({ shipment_id, version, status }) => kept.get(String(shipment_id)) === `${version} ${status}`);
  });
  await until(async () => {
    const kept = greatest(await received());
    return (await rows()).every(({ shipment_id, version }) => kept.get(String(shipment_id)) === version);
  });
  const seen = async () => new Set((await received()).map(line));
  await until(async () => {
    const lines = await seen();
    return [...versions].every((version) => lines.has(version));
  });
  expect([...(await seen())].filter((version) => !versions.has(version))).toEqual([]);
  expect(puts.refused).toBeGreaterThan(3);
  expect((await takeSnapshot(stack)).unrouted).toEqual([]);
}, 300_000);

it('has a backfill recorded and published, without one notification', async () => {
  const file = `${temporaryFolder('backfill')}/history.ndjson`;
  const history = Array.from({ length: 40 }, (_, index) => ({
    source: 'logistics.shipment',
    'detail-type': 'Shipment Status Updated',
    detail: {
      shipment_id: `OLD-${index % 20}`,
      status: index < 20 ? 'out_for_delivery' : 'delivered',
      event_id: `old-${index}`,
      occurred_at: new Date(Date.UTC(2024, 2, 2) + index * 60_000).toISOString(),
    },
  }));
  writeFileSync(file, history.map((event) => `${JSON.stringify(event)}\n`).join(''));

  const backfill = ['send', '--backfill', '--rate', '20', '--json', file];
  const { code, stdout } = await logistics(stack.endpoint, backfill);

  expect({ code, account: JSON.parse(stdout.trim().split('\n').at(-1) ?? '') }).toEqual({
    code: 0,
    account: { accepted: 40, on_record_before: 0, conflicts: 0, not_on_record: 0 },
  });
  await until(async () => {
    const delivered = (await received()).filter(({ shipment_id }) => shipment_id.startsWith('OLD-'));
    return [...greatest(delivered).values()].filter((version) => version.startsWith('1#')).length === 20;
  });
  const { notifications } = await takeSnapshot(stack);
  expect(notifications.processing.map(shipmentOf).filter((id) => id?.startsWith('OLD-'))).toEqual([]);

  const again = await logistics(stack.endpoint, backfill);
  expect(JSON.parse(again.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ accepted: 0, on_record_before: 40 });
}, 120_000);
