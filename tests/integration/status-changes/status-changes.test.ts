/**
 * A shuffled day on the deployed stack: its rows, and the status changes that other systems receive, by a queue with its own rule and by the
 * example of docs/subscribe.md.
 */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { type PutItemInput, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DescribeRuleCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import type { AlarmName } from '../../../contracts/alarms';
import { FUNCTION_KEYS, SCHEDULED_FUNCTION_KEYS, SCHEDULED_FUNCTIONS } from '../../../contracts/functions';
import { inEnvironment } from '../../../contracts/names';
import { notifies } from '../../../contracts/shipment-events';
import { until } from '../../../lib/until.mjs';
import { ENVIRONMENT, runSam } from '../../../local/deploy';
import { CREDENTIALS, localEnvironment, REGION } from '../../../local/environment';
import { FaultProxy } from '../../../local/faults/fault-proxy';
import { eventOf, messagesByQueue, type Snapshot, shipmentOf, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { parseShipmentStalled } from '../../../publisher/status-events';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import type { ShipmentRow } from '../../../src/domain/shipment-row';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';
import { anUpdate, onTheBus } from '../../support/builders/events';
import { updateStack } from '../../support/create-stack';
import { keepEvents } from '../../support/keep-events';
import { logistics } from '../../support/operator';
import { history, rowsByDesign, withUniqueIds } from '../../support/properties/history';
import { EXHAUSTIVE, SEED } from '../../support/sample';
import { startStack } from '../../support/stack';

const SUBSCRIBER = 'subscriber';

const EXAMPLE = 'examples/subscriber';

const HISTORIES = EXHAUSTIVE ? 40 : 12;

/** Events sent at once: the emulator runs a process for each. */
const AT_ONCE = 6;

const proxy = new FaultProxy();
let stack: LocalStack;

let exampleTable: string;

/** Number of calls with status changes, and of those that were refused. */
const publishCalls = { made: 0, refused: 0 };

/** Each version that a row of the shipments table had, as a {@link line}. */
const versions = new Set<string>();

/** The fields of a row that a subscriber receives, as one line. */
const line = ({ shipment_id, version, status, event_id }: Readonly<Record<string, unknown>>) =>
  [shipment_id, version, status, event_id].join(' ');

/** Histories drawn with the seed: their events, and shuffled deliveries, some of them repeated. */
const histories = fc.sample(history(false), { numRuns: HISTORIES, seed: SEED }).map(withUniqueIds);
const events = histories.flatMap((day) => day.events);
const deliveries = histories.flatMap((day) => day.deliveries);
const designed: ReadonlyMap<string, ShipmentRow> = rowsByDesign(events);

beforeAll(async () => {
  stopAfterTests(async () => proxy.close());
  stack = await startStack({ AWS_ENDPOINT_URL: await proxy.listen() });
  proxy.forwardTo(stack.endpoint);
  // An invocation tries three times. After four refusals in a row Lambda repeats the batch from that change on.
  proxy.beginDelivery(({ service }, body) => {
    if (service !== 'events' || !body.includes('logistics.status')) return undefined;
    publishCalls.made += 1;
    if (publishCalls.made % 7 > 3) return undefined;
    publishCalls.refused += 1;
    return 'entry refused';
  });
  proxy.watch(({ service }, body, status) => {
    if (service !== 'dynamodb' || status !== 200) return;
    const { TableName, Item } = JSON.parse(body.toString()) as PutItemInput;
    if (TableName === stack.outputs['ShipmentsTableName'] && Item) versions.add(line(unmarshall(Item)));
  });
  await updateStack(stack.endpoint, 'StalledAfterDays=3');
  await keepEvents(stack, SUBSCRIBER, stack.outputs['EventBusName'], { source: ['logistics.status'] });
  exampleTable = await deployExample(stack.endpoint);
  await sendAll(deliveries);
}, 300_000);

/** Sends events in groups, and waits until each group is in the log. */
async function sendAll(all: readonly ShipmentEvent[]): Promise<void> {
  for (let at = 0; at < all.length; at += AT_ONCE) {
    const group = all.slice(at, at + AT_ONCE);
    await Promise.all(group.map((event) => stack.send(onTheBus(event))));
    await until(async () => {
      const logged = new Set((await takeSnapshot(stack)).log.map(({ event_id }) => event_id));
      return group.every(({ event_id }) => logged.has(event_id));
    });
  }
}

/** Deploys the example by the commands of docs/subscribe.md, without their prompts; returns the name of its table. */
async function deployExample(endpoint: string): Promise<string> {
  const folder = temporaryFolder('subscriber');
  const build = `${folder}/build`;
  const env = { ...localEnvironment(endpoint), TMPDIR: folder };
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

/** Events of one detail-type that the subscriber received. */
const bodies = async (detailType: string) =>
  ((await messagesByQueue(stack.endpoint)).get(SUBSCRIBER) ?? []).filter(
    (body) => JSON.parse(body)['detail-type'] === detailType,
  );

/** The published status changes, each as a {@link line}. */
const changes = async () => (await bodies('Shipment Status Changed')).map((body) => line(JSON.parse(body).detail));

/** Version and status of each shipment in the example's table. */
async function storedByExample(): Promise<ReadonlyMap<string, string>> {
  const { Items = [] } = await stack.db.send(new ScanCommand({ TableName: exampleTable, ConsistentRead: true }));
  return new Map(Items.map(({ shipment_id, version, status }) => [shipment_id?.S ?? '', `${version?.S} ${status?.S}`]));
}

describe(`a shuffled, duplicated and partly failing day (seed ${SEED})`, () => {
  const expectedNotices = events
    .filter(notifies)
    .map(({ event_id }) => event_id)
    .sort();

  const noticesIn = ({ notifications }: Snapshot) => notifications.processing.filter(shipmentOf).map(eventOf).sort();

  it('ends in the designed rows, each event notified once, and rebuild finds no difference', async () => {
    const snapshot = await until(async () => {
      const current = await takeSnapshot(stack);
      const isMissing = current.shipments.length < designed.size || noticesIn(current).length < expectedNotices.length;
      return (
        !isMissing &&
        current.shipments.every((row) => designed.get(String(row['shipment_id']))?.version === row['version']) &&
        current
      );
    });

    expect(new Map(snapshot.shipments.map((row) => [row['shipment_id'], row]))).toEqual(designed);
    expect(snapshot.log).toHaveLength(events.length);
    expect(noticesIn(snapshot)).toEqual(expectedNotices);
    // On a busy machine a call may time out; the retry succeeds, and a transient error stays on record.
    expect(snapshot.errors.filter(({ error_type }) => error_type !== 'transient')).toEqual([]);
    expect(snapshot.unrouted).toEqual([]);
    expect(await logistics(stack.endpoint, ['rebuild', '--dry-run', '--json'])).toMatchObject({ code: 0, stdout: '' });
  }, 120_000);

  it('publishes exactly the versions that the table had', async () => {
    await until(async () => {
      const stored = await storedByExample();
      return [...designed].every(([id, { version, status }]) => stored.get(id) === `${version} ${status}`);
    });
    await until(async () => {
      const received = new Set(await changes());
      return [...versions].every((version) => received.has(version));
    });

    expect((await changes()).filter((version) => !versions.has(version))).toEqual([]);
    expect(publishCalls.refused).toBeGreaterThan(3);
  }, 300_000);
});

describe('stalled shipments', () => {
  const RULE = inEnvironment(SCHEDULED_FUNCTIONS['stalled-shipments'].rule, ENVIRONMENT);
  const DAY_MS = 86_400_000;

  beforeAll(() => proxy.beginDelivery(() => undefined));

  const stalled = async () => (await bodies('Shipment Stalled')).map(parseShipmentStalled);

  const stateOfRule = async () => (await stack.events.send(new DescribeRuleCommand({ Name: RULE }))).State;

  /** Number of functions whose errors the alarm adds up. */
  async function watchedFunctions(): Promise<number | undefined> {
    const cloudWatch = new CloudWatchClient({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
    const AlarmNames = [inEnvironment('logistics-high-errors' satisfies AlarmName, ENVIRONMENT)];
    const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames }));
    return MetricAlarms?.[0]?.Metrics?.filter(({ MetricStat }) => MetricStat).length;
  }

  /** Sends an update of some days ago, and waits for its row. */
  async function sendUpdate(shipment_id: string, status: string, daysAgo: number): Promise<void> {
    const occurred_at = new Date(Date.now() - daysAgo * DAY_MS).toISOString();
    const event_id = `${shipment_id}-${status}`;
    await stack.send(anUpdate({ shipment_id, status, event_id, occurred_at }));
    await until(async () => (await takeSnapshot(stack)).shipments.some((row) => row['event_id'] === event_id));
  }

  it('are reported once by the schedule', async () => {
    expect([await stateOfRule(), await watchedFunctions()]).toEqual(['ENABLED', FUNCTION_KEYS.length]);
    await sendUpdate('STUCK', 'in_transit', 3.5);
    await sendUpdate('CLOSED', 'delivered', 3.5);
    await sendUpdate('FRESH', 'in_transit', 2);

    // The emulator counts from the deployment that enabled the rule.
    await stack.events.send(new PutRuleCommand({ Name: RULE, ScheduleExpression: 'rate(1 minute)' }));
    await until(async () => (await stalled()).length > 0, 120_000);

    expect(await stalled()).toEqual([
      { shipment_id: 'STUCK', status: 'in_transit', since: expect.any(String), days: 3, event_id: 'STUCK-in_transit' },
    ]);
    const { notifications, failed } = await takeSnapshot(stack);
    const reports = notifications.processing.filter(({ MessageAttributes }) => MessageAttributes?.['stalled']);
    expect([reports.map(shipmentOf), failed['stalled-shipments']]).toEqual([['STUCK'], []]);
    expect((await logistics(stack.endpoint, ['rebuild', '--dry-run'])).code).toBe(0);
  }, 300_000);

  it('are not reported when StalledAfterDays is 0: the rule is disabled, and no alarm watches', async () => {
    await updateStack(stack.endpoint, 'StalledAfterDays=0');

    expect([await stateOfRule(), await watchedFunctions()]).toEqual([
      'DISABLED',
      FUNCTION_KEYS.length - SCHEDULED_FUNCTION_KEYS.length,
    ]);
  }, 60_000);
});
