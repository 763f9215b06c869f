import { readFileSync } from 'node:fs';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { DescribeReplayCommand, PutEventsCommand, StartReplayCommand } from '@aws-sdk/client-eventbridge';
import { deadLetterQueueName, EVENT_FUNCTION_KEYS, EVENT_FUNCTIONS, functionName } from '../../../contracts/functions';
import { APPLICATION, inEnvironment, NAMES } from '../../../contracts/names';
import { TABLES } from '../../../contracts/tables';
import { type Outcome, runSamples } from '../../../demo/run-samples';
import { until } from '../../../lib/until.mjs';
import { ENVIRONMENT } from '../../../local/deploy';
import { CREDENTIALS, REGION } from '../../../local/environment';
import { type Snapshot, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { createPublisher, type LogisticsEvent } from '../../../publisher/publisher';
import { noticesIn } from '../../support/notices';
import { startStack } from '../../support/stack';

let stack: LocalStack;
let outcome: Outcome;

beforeAll(async () => {
  stack = await startStack();
  outcome = await runSamples(stack);
}, 240_000);

const sampleNamed = (name: string) => {
  const sent = outcome.sent.find((event) => event.name === name);
  if (!sent) throw new Error(`no sample ${name}`);
  return sent;
};

const currentStatus = ({ shipments }: Snapshot, shipment: string) =>
  shipments.find(({ shipment_id }) => shipment_id === shipment)?.['status'];

describe('the samples, put on the bus of the deployed stack', () => {
  it('have every effect that the design promises, and no other', () => {
    expect(outcome.unmet).toEqual([]);
  });

  it('record a new shipment with its defaults', () => {
    const row = outcome.snapshot.log.find(
      ({ event_id }) => event_id === sampleNamed('shipment-processor/created-minimal').envelopeId,
    );
    expect(row).toMatchObject({
      shipment_id: 'SHP-1003',
      status: 'pending',
      timestamp: Date.parse('2026-03-02T08:10:00Z'),
      metadata: {},
      process_result: { validations: ['status_valid'] },
    });
  });

  it('keep metadata as it came', () => {
    const { envelopeId, event } = sampleNamed('shipment-processor/created-with-extras');
    const row = outcome.snapshot.log.find(({ event_id }) => event_id === envelopeId);
    expect(row?.['metadata']).toEqual((event.detail as { metadata: unknown }).metadata);
  });

  it('keep a delivered shipment delivered when an earlier event arrives late', () => {
    expect(currentStatus(outcome.snapshot, 'SHP-1001')).toBe('delivered');
    expect(outcome.snapshot.log.map(({ event_id }) => event_id)).toContain('nordfreight-000917001');
  });

  it('make one row and one notification of an event that was sent twice', () => {
    const rows = outcome.snapshot.log.filter(({ event_id }) => event_id === 'nordfreight-000918273');
    const notified = noticesIn(outcome.snapshot).filter((notice) => notice === 'SHP-1001 delivered');
    expect(rows).toHaveLength(1);
    expect(notified).toHaveLength(1);
  });

  it('bring a rejected event to the error table, the bus, the topic and the dead-letter queue', () => {
    const { envelopeId } = sampleNamed('invalid/status-updater/unknown-status');
    const error_id = `${inEnvironment(functionName('status-updater'), ENVIRONMENT)}/${envelopeId}`;
    const row = outcome.snapshot.errors.find((error) => error['error_id'] === error_id);
    expect(row).toMatchObject({
      error_type: 'rejected',
      attempts: 3,
      shipment_id: 'SHP-1904',
      announced: { rejected: expect.any(String) },
    });
    // The mark is the notification handler's: the announcement went over the bus and its rule.
    expect(row).toHaveProperty('event_failed_notified_at');
    const notified = outcome.snapshot.notifications.processing.filter(({ Message }) => Message.includes(envelopeId));
    expect(notified).toHaveLength(1);
    expect(outcome.snapshot.failed['status-updater'].filter((body) => body.includes(envelopeId))).toHaveLength(1);
  });

  it('bring critical errors to the alert topic', () => {
    const kinds = outcome.snapshot.notifications.alerts.map(({ Message }) => JSON.parse(Message).detail_type);
    expect(kinds.sort()).toEqual(['Critical Error', 'Processing Error']);
  });

  it('keep an event that no rule takes', () => {
    expect(outcome.snapshot.unrouted).toHaveLength(1);
    expect(outcome.snapshot.unrouted[0]).toContain('Shipment Status Update"');
  });
});

describe('a replay of the archive', () => {
  it('changes no log or status row and sends no second notification', async () => {
    const before = await takeSnapshot(stack);
    const ReplayName = 'everything-again';
    const source = `arn:aws:events:${REGION}:000000000000:archive/${stack.outputs['ArchiveName']}`;
    await stack.events.send(
      new StartReplayCommand({
        ReplayName,
        EventSourceArn: source,
        EventStartTime: new Date('2026-03-01T00:00:00Z'),
        EventEndTime: new Date('2026-03-31T00:00:00Z'),
        Destination: { Arn: stack.outputs['EventBusArn'] },
      }),
    );
    // Rejected events fail again: each of their messages in the dead-letter queues gets a twin when its attempts are spent.
    const failures = (snapshot: Snapshot) => Object.values(snapshot.failed).flat().length;
    const after = await until(async () => {
      const seen = await takeSnapshot(stack);
      return failures(seen) >= 2 * failures(before) && seen;
    });
    const { State } = await stack.events.send(new DescribeReplayCommand({ ReplayName }));
    expect(State).toBe('COMPLETED');
    expect(failures(after)).toBe(2 * failures(before));
    const byId = (snapshot: Snapshot) => ({
      log: [...snapshot.log].sort((a, b) => String(a['event_id']).localeCompare(String(b['event_id']))),
      shipments: [...snapshot.shipments].sort((a, b) =>
        String(a['shipment_id']).localeCompare(String(b['shipment_id'])),
      ),
    });
    expect(byId(after)).toEqual(byId(before));
    expect(after.notifications).toEqual(before.notifications);
  }, 120_000);
});

describe('any AWS SDK', () => {
  it('puts the README’s event on the bus, and it shows up in the tables', async () => {
    const [, entries = '[]'] = /put-events --entries '(.*?)'\n/s.exec(readFileSync('README.md', 'utf8')) ?? [];

    const answer = await stack.events.send(new PutEventsCommand({ Entries: JSON.parse(entries) }));

    expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    await until(async () => currentStatus(await takeSnapshot(stack), 'SHP-7') === 'pending');
  }, 30_000);
});

describe('the publisher', () => {
  it('puts more events on the bus than a call takes, and again without a second effect', async () => {
    const events = Array.from({ length: 12 }, (_, place): LogisticsEvent => {
      const identity = { event_id: `published-${place}`, occurred_at: '2026-03-08T00:00:00Z' };
      return { detailType: 'Shipment Created', detail: { shipment_id: `SHP-P${place}`, ...identity } };
    });
    const { publish } = createPublisher({ busName: inEnvironment(NAMES.bus, ENVIRONMENT), client: stack.events });

    const ids = [...(await publish(events)), ...(await publish(events))];

    const rows = ({ log }: Snapshot) => log.filter(({ event_id }) => String(event_id).startsWith('published-'));
    const latest = await until(async () => {
      const snapshot = await takeSnapshot(stack);
      // The log is written first: its twelfth row says nothing about the statuses yet.
      return rows(snapshot).length >= 12 && currentStatus(snapshot, 'SHP-P11') === 'pending' && snapshot;
    }, 60_000);
    expect(new Set(ids).size).toBe(24);
    expect(rows(latest)).toHaveLength(12);
  }, 90_000);
});

describe('the deployed stack', () => {
  it('has every name of the design', async () => {
    const client = new CloudFormationClient({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
    const physical: string[] = [];
    const pages = paginateListStackResources({ client }, { StackName: inEnvironment(APPLICATION, ENVIRONMENT) });
    for await (const page of pages) {
      physical.push(
        ...(page.StackResourceSummaries ?? []).map(
          ({ PhysicalResourceId = '' }) => PhysicalResourceId.split(/[/:]/).at(-1) ?? '',
        ),
      );
    }
    // The data's key is one of `EncryptWithOwnKey`, which is off here; the boundary is of the deploy role's own stack, the parameter of no stack.
    const { dataKeyAlias: _, boundary: __, carriersParameter: ___, ...named } = NAMES;
    const names = [
      ...Object.values(named).map((name) => name.replace('alias/', '')),
      ...Object.values(TABLES).map(({ name }) => name),
      ...EVENT_FUNCTION_KEYS.flatMap((key) => [functionName(key), EVENT_FUNCTIONS[key].rule, deadLetterQueueName(key)]),
      'logistics-high-errors',
      'logistics-dynamodb-throttles',
    ].map((name) => inEnvironment(name, ENVIRONMENT));
    expect(names.filter((name) => !physical.some((id) => id === name || id.endsWith(`|${name}`)))).toEqual([]);
  });
});
