import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { FUNCTION_KEYS, type FunctionKey } from '../../contracts/functions';
import { METRIC_NAMESPACE } from '../../contracts/metrics';
import { template } from '../../template-src/template';
import { anEnvelope } from '../unit/builders/events';
import { HANDLER_ENVIRONMENT } from '../unit/builders/handler-environment';
import { METRIC_CATALOGUE } from './metric-catalogue';

// In its development mode Powertools writes metrics, if told to, to the global console, where a test can read them.
Object.assign(process.env, HANDLER_ENVIRONMENT, { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' });

interface Widget {
  readonly type: string;
  readonly properties: { readonly title: string; readonly metrics?: readonly (readonly string[])[] };
}

const [dashboard] = Object.values(template.Resources ?? {}).filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
const body = JSON.parse(JSON.stringify(dashboard?.Properties?.['DashboardBody']))['Fn::Sub'];
const widgets: readonly Widget[] = JSON.parse(
  body.replaceAll('${EnvironmentSuffix}', HANDLER_ENVIRONMENT.ENVIRONMENT),
).widgets;

/** A metric with its dimensions, in an order that two of them can be compared by. */
interface Series {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: readonly (readonly [name: string, value: string])[];
}

const byName = ([a = '']: readonly string[], [b = '']: readonly string[]) => a.localeCompare(b);

const graphed = widgets.flatMap(({ properties }) =>
  (properties.metrics ?? []).map(([namespace = '', metric = '', ...rest]): Series => {
    const pairs = rest.flatMap((value, index) => (index % 2 === 0 ? [[value, rest[index + 1] ?? ''] as const] : []));
    return { namespace, metric, dimensions: pairs.sort(byName) };
  }),
);

const line = ({ metric, dimensions }: Series) => `${metric} ${dimensions.map((pair) => pair.join('=')).join(' ')}`;

describe('each widget of AWS’s own metrics', () => {
  const ofAws = graphed.filter(({ namespace }) => namespace !== METRIC_NAMESPACE);

  it.each(ofAws)('$namespace $metric comes with these dimensions', ({ namespace, metric, dimensions }) => {
    const names = dimensions.map(([name]) => name);
    expect(METRIC_CATALOGUE[namespace]?.[metric]?.map((set) => [...set].sort())).toContainEqual(names);
  });
});

describe('the widgets of the application’s own metrics', () => {
  const db = mockClient(DynamoDBClient);
  const sns = mockClient(SNSClient);
  const events = mockClient(EventBridgeClient);
  const written: Series[] = [];

  /** What CloudWatch makes of a line in the embedded metric format: a metric for each set of dimensions. */
  function read(text: string): Series[] {
    const { _aws, ...values } = JSON.parse(text);
    return _aws.CloudWatchMetrics.flatMap(
      (block: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }) =>
        block.Metrics.flatMap(({ Name }) =>
          block.Dimensions.map((names) => ({
            namespace: block.Namespace,
            metric: Name,
            dimensions: names.map((name) => [name, String(values[name])] as const).sort(byName),
          })),
        ),
    );
  }

  const conditionFailed = (Item: Record<string, { S: string }>) =>
    new ConditionalCheckFailedException({ message: 'no', $metadata: {}, Item });

  /** Runs one event while AWS answers as told; that it fails is as good as that it does not: both write metrics. */
  async function run(key: FunctionKey, event: unknown, answers: () => void = () => undefined) {
    for (const client of [db, sns, events]) client.reset();
    db.on(UpdateItemCommand).resolves({ Attributes: { attempts: { N: '1' }, announced: { M: {} } } });
    db.on(PutItemCommand).resolves({});
    sns.on(PublishCommand).resolves({ MessageId: 'm' });
    events.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
    answers();
    const { handler } = await import(`../../src/handlers/${key}`);
    const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 } as Context;
    await handler(event, context).catch(() => undefined);
  }

  const log = () => db.on(PutItemCommand, { TableName: 'events' });
  const status = () => db.on(PutItemCommand, { TableName: 'shipments' });

  /** Everything that can become of an event of this function. */
  async function everythingOf(key: FunctionKey, event: unknown) {
    await run(key, null);
    await run(key, event);
    const [put] = db.commandCalls(PutItemCommand);
    const payload_hash = { S: put?.args[0].input.Item?.['payload_hash']?.S ?? '' };
    await run(key, event, () => log().rejects(conditionFailed({ payload_hash, notified_at: { S: 'then' } })));
    const later = conditionFailed({ status: { S: 'delivered' }, version: { S: '2' } });
    await run(key, event, () => status().rejects(later));
    await run(key, event, () => status().resolves({ Attributes: { status: { S: 'returned' } } }));
    await run(key, event, () => db.on(PutItemCommand).rejects(new Error('throttled')));
    await run(key, event, () => sns.on(PublishCommand).rejects(new Error('throttled')));
  }

  beforeAll(async () => {
    const spies = [
      jest.spyOn(console, 'log').mockImplementation((text: string) => void written.push(...read(text))),
      jest.spyOn(console, 'warn').mockImplementation(() => undefined),
    ];
    const detail = { error_type: 'label_unreadable', error_message: 'cannot read' };
    await everythingOf(
      'shipment-processor',
      anEnvelope({ 'detail-type': 'Shipment Created' }, { status: 'delivered', old_status: 'pending' }),
    );
    await everythingOf('status-updater', anEnvelope({}, { status: 'delivered', old_status: 'pending' }));
    await everythingOf(
      'notification-handler',
      anEnvelope({ source: 'logistics.error', 'detail-type': 'Processing Error', detail }),
    );
    for (const spy of spies) spy.mockRestore();
  });

  it('are exactly what the handlers write, with the dimensions that Powertools gives them', () => {
    const own = graphed.filter(({ namespace }) => namespace === METRIC_NAMESPACE);
    const lines = (series: readonly Series[]) => [...new Set(series.map(line))].sort();

    expect(lines(own)).toEqual(lines(written));
    expect(new Set(written.map(({ namespace }) => namespace))).toEqual(new Set([METRIC_NAMESPACE]));
  });

  it('and every function writes some', () => {
    const services = written.flatMap(({ dimensions }) => dimensions.filter(([name]) => name === 'service'));
    expect(new Set(services.map(([, value]) => value))).toEqual(new Set(FUNCTION_KEYS));
  });
});

describe('the dashboard', () => {
  it('shows what an operator looks for', () => {
    expect(widgets.map(({ properties }) => properties.title)).toEqual([
      'Events in, by rule',
      'Accepted',
      'Duplicate',
      'Superseded',
      'Rejected',
      'Notified',
      'Unexpected moves, mismatches',
      'Attempts failed',
      'Event age, p99 (ms)',
      'Duration, p99 (ms)',
      'Waiting for an operator',
      'Alarms',
    ]);
  });
});
