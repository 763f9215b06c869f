import { PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { CARRIER_NAMES } from '../../contracts/carriers';
import { EVENT_FUNCTION_KEYS, type EventFunctionKey, FUNCTION_KEYS, recordsShipments } from '../../contracts/functions';
import { CONTRACTS } from '../../contracts/generated/contracts';
import { METRIC_NAMESPACE } from '../../contracts/metrics';
import { CORRECTED } from '../../contracts/shipment-events';
import { toAttributes } from '../../src/adapters/attributes';
import type { LambdaHandler } from '../../src/runtime/event-handler';
import { template } from '../../template-src/template';
import { anEnvelope, aShipmentEvent } from '../support/builders/events';
import { HANDLER_ENVIRONMENT } from '../support/builders/handler-environment';
import {
  db,
  events,
  everythingWorks,
  laterStatus,
  loadHandlers,
  recordedStatus,
  sns,
} from '../support/builders/handlers';
import { aContext, conditionFailed } from '../support/builders/lambda';
import { capturedLines, isMetrics, type Line, metricsIn } from '../support/builders/log-lines';
import { aRow, aStreamRecord } from '../support/builders/stream-records';
import { aWebhook, SETTINGS, sampleBody } from '../support/builders/webhook-calls';
import { METRIC_CATALOGUE } from './metric-catalogue';

const ssm = mockClient(SSMClient);

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
  const written: Series[] = [];
  let handlers: Record<EventFunctionKey, LambdaHandler>;

  /** Metrics of a line in the embedded metric format: one for each set of dimensions. */
  function read(text: Line): Series[] {
    const { namespace, dimensions, values } = metricsIn(text);
    return Object.keys(values).flatMap((metric) =>
      dimensions.map((names) => ({
        namespace,
        metric,
        dimensions: names.map((name) => [name, String(text[name])] as const).sort(byName),
      })),
    );
  }

  /** Runs one event while AWS answers as given; that it fails is as good as that it does not: both write metrics. */
  async function run(key: EventFunctionKey, event: unknown, answers: () => void = () => undefined) {
    everythingWorks();
    answers();
    await handlers[key](event, aContext()).catch(() => undefined);
  }

  const log = () => db.on(PutItemCommand, { TableName: 'events' });

  /** Everything that can become of an event of this function. */
  async function everythingOf(key: EventFunctionKey, event: unknown) {
    await run(key, null);
    await run(key, event);
    const [put] = db.commandCalls(PutItemCommand);
    const payload_hash = { S: put?.args[0].input.Item?.['payload_hash']?.S ?? '' };
    await run(key, event, () => log().rejects(conditionFailed({ payload_hash, notified_at: { S: 'then' } })));
    await run(key, event, () => laterStatus('delivered'));
    await run(key, event, () => recordedStatus('returned'));
    await run(key, event, () => db.on(PutItemCommand).rejects(new Error('throttled')));
    await run(key, event, () => sns.on(PublishCommand).rejects(new Error('throttled')));
  }

  beforeAll(async () => {
    handlers = await loadHandlers();
    written.push(...(await capturedLines(runEverything)).filter(isMetrics).flatMap(read));
  });

  async function runEverything() {
    const detail = { error_type: 'label_unreadable', error_message: 'cannot read' };
    const [words, correction] = [{ status: 'delivered', old_status: 'pending' }, { reason: 'a test' }];
    for (const key of EVENT_FUNCTION_KEYS.filter(recordsShipments))
      for (const { source, detailType } of CONTRACTS[key])
        await everythingOf(
          key,
          anEnvelope({ source, 'detail-type': detailType }, detailType === CORRECTED ? correction : words),
        );
    await everythingOf(
      'notification-handler',
      anEnvelope({ source: 'logistics.error', 'detail-type': 'Processing Error', detail }),
    );
    const critical = anEnvelope({ source: 'logistics.error', 'detail-type': 'Critical Error', detail });
    await run('notification-handler', critical, () =>
      db.on(UpdateItemCommand).callsFake(({ ConditionExpression = '' }) => {
        if (ConditionExpression.includes('admitted')) throw conditionFailed();
        return {};
      }),
    );
    await runPublisher();
    await runStalled();
    await runWebhooks();
  }

  async function runPublisher() {
    const { handler } = await import('../../src/handlers/status-publisher');
    const change = aStreamRecord(aRow(aShipmentEvent()));
    everythingWorks();
    await handler({ Records: [change, aStreamRecord({ shipment_id: 'SHP-1', status: 'lost' })] }, aContext());
    events.on(PutEventsCommand).rejects(new Error('throttled'));
    await handler({ Records: [change] }, aContext());
  }

  async function runStalled() {
    const { handler } = await import('../../src/handlers/stalled-shipments');
    const row = aRow(aShipmentEvent({ timestamp: Date.now() - 3 * 86_400_000 }));
    everythingWorks();
    db.on(QueryCommand).resolves({ Items: [toAttributes({ ...row })] });
    await handler(anEnvelope(), aContext());
    db.on(QueryCommand).rejects(new Error('throttled'));
    await handler(anEnvelope(), aContext()).catch(() => undefined);
  }

  async function runWebhooks() {
    const { handler } = await import('../../src/handlers/carrier-webhook');
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: SETTINGS } });
    for (const platform of CARRIER_NAMES) {
      const body = sampleBody(platform);
      const unknown = body.replaceAll(/"(in_transit|TRANSIT|InTransit)"/g, '"teleported"');
      everythingWorks();
      await handler(aWebhook(platform, unknown), aContext());
      await handler(aWebhook(platform, body, 'a-secret-that-is-not-theirs'), aContext());
      events.on(PutEventsCommand).rejects(new Error('throttled'));
      await handler(aWebhook(platform), aContext()).catch(() => undefined);
    }
  }

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
