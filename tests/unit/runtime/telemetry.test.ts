import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { EventFunctionKey } from '../../../contracts/functions';
import { METRIC_NAMESPACE, METRICS, type MetricKey } from '../../../contracts/metrics';
import type { LambdaHandler } from '../../../src/runtime/event-handler';
import { anEnvelope } from '../../support/builders/events';
import { db, everythingWorks, LOGGING, loadHandlers, recordedStatus } from '../../support/builders/handlers';
import { aContext, conditionFailed } from '../../support/builders/lambda';
import { capturedLines, isMetrics, type Line, metricsIn } from '../../support/builders/log-lines';

let handlers: Record<EventFunctionKey, LambdaHandler>;

beforeAll(async () => {
  handlers = await loadHandlers(LOGGING);
});

beforeEach(everythingWorks);

/** Runs one invocation, whether it fails or not, and returns the lines that it wrote. */
async function linesOf(
  key: EventFunctionKey,
  input: unknown,
  { requestId = 'request-1', trace = '1-67891233-abcdef012345678912345678' } = {},
): Promise<Line[]> {
  process.env['_X_AMZN_TRACE_ID'] = `Root=${trace};Parent=53995c3f42cd8ad8;Sampled=0`;
  return capturedLines(async () => {
    await handlers[key](input, aContext(30_000, requestId)).catch(() => undefined);
  });
}

const SECRET = 'Maria Santos, Rua das Flores 7';

const withSecrets = (detail: Record<string, unknown> = {}) =>
  anEnvelope({}, { metadata: { origin: SECRET, recipient: { name: SECRET } }, ...detail });

const anErrorEvent = (detail: Record<string, unknown> = {}) =>
  anEnvelope(
    { source: 'logistics.error', 'detail-type': 'Processing Error' },
    { error_type: 'label_unreadable', error_message: SECRET, ...detail },
  );

const down = () => db.on(PutItemCommand).rejects(new Error('down'));

describe('metrics', () => {
  // The other counts of a recorded event are tested in tests/unit/application.
  it.each<[string, EventFunctionKey, unknown, () => unknown, MetricKey[]]>([
    ['an event', 'status-updater', withSecrets({ status: 'delivered' }), () => undefined, ['notified', 'accepted']],
    ['a rejected event', 'status-updater', withSecrets({ status: 'lost' }), () => undefined, ['rejected']],
    ['a failed attempt', 'status-updater', withSecrets(), down, ['failed']],
    ['an error event', 'notification-handler', anErrorEvent(), () => undefined, ['notified']],
  ])(
    'of %s are counted once, with its age, under the contract’s namespace and dimensions',
    async (_, key, input, arrange, counted) => {
      arrange();

      const metrics = (await linesOf(key, input)).filter(isMetrics);

      expect(metrics).toHaveLength(1);
      const { namespace, dimensions, units, values } = metricsIn(metrics[0]);
      expect(namespace).toBe(METRIC_NAMESPACE);
      expect(dimensions.map((set) => [...set].sort())).toEqual([['environment', 'service']]);
      expect(metrics[0]).toMatchObject({ environment: 'dev', service: key });
      expect(values).toEqual({
        ...Object.fromEntries(counted.map((metric) => [METRICS[metric], 1])),
        [METRICS.eventAge]: expect.any(Number),
      });
      expect(units[METRICS.eventAge]).toBe('Milliseconds');
    },
  );

  it('have an event’s age from the envelope’s time to the end of the handler', async () => {
    const time = new Date(Date.now() - 90_000).toISOString();

    const [line] = (await linesOf('status-updater', { ...withSecrets(), time })).filter(isMetrics);

    const age = metricsIn(line).values[METRICS.eventAge];
    expect(age).toBeGreaterThanOrEqual(90_000);
    expect(age).toBeLessThanOrEqual(Date.now() - Date.parse(time));
  });

  it('have no age for an input without a time', async () => {
    const [line] = (await linesOf('status-updater', { ...withSecrets(), time: 'yesterday' })).filter(isMetrics);

    expect(metricsIn(line).values).toEqual({ [METRICS.rejected]: 1 });
  });
});

describe('every line', () => {
  it.each<[string, EventFunctionKey, unknown, () => unknown]>([
    [
      'an unexpected transition',
      'status-updater',
      withSecrets({ old_status: 'pending' }),
      () => recordedStatus('delivered'),
    ],
    ['an error event', 'notification-handler', anErrorEvent({ shipment_id: 'SHP-1' }), () => undefined],
    [
      'a failure that cannot be recorded either',
      'status-updater',
      withSecrets(),
      () => {
        down();
        db.on(UpdateItemCommand).rejects(new Error('down too'));
      },
    ],
  ])(
    'about %s names shipment, event, request and trace, and has nothing of the payload',
    async (_, key, input, arrange) => {
      arrange();

      const lines = await linesOf(key, input);

      expect(lines.length).toBeGreaterThan(1);
      for (const line of lines) {
        expect(line).toMatchObject({
          shipment_id: 'SHP-1',
          event_id: 'envelope-1',
          function_request_id: 'request-1',
          xray_trace_id: '1-67891233-abcdef012345678912345678',
        });
      }
      expect(JSON.stringify(lines)).not.toContain(SECRET);
    },
  );

  it('of a warm process is only about the current event', async () => {
    await linesOf('status-updater', withSecrets({ status: 'lost' }));

    const lines = await linesOf('status-updater', {}, { requestId: 'request-2', trace: '1-2-3' });

    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      expect(line).toMatchObject({ function_request_id: 'request-2', xray_trace_id: '1-2-3' });
      expect(line).not.toHaveProperty('shipment_id');
      expect(line).not.toHaveProperty('event_id');
    }
  });
});

describe('the INFO lines', () => {
  it('have the outcome of an event in one line', async () => {
    const lines = (await linesOf('status-updater', withSecrets({ status: 'delivered' }))).filter(
      (line) => !isMetrics(line),
    );

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'INFO',
      outcome: 'accepted',
      status: 'delivered',
      superseded: false,
      notified: true,
    });
  });

  it('report an event that another invocation is notifying about', async () => {
    db.on(UpdateItemCommand).rejects(conditionFailed({ processing_error_lease: { S: '9999999999999#other' } }));

    const lines = await linesOf('notification-handler', anErrorEvent());

    expect(lines).toContainEqual(expect.objectContaining({ level: 'INFO', outcome: 'in_progress' }));
  });
});

describe('the ERROR lines', () => {
  it('have the error’s fields, without the items that the SDK attaches to it', async () => {
    db.on(PutItemCommand, { TableName: 'shipments' }).rejects(
      Object.assign(new Error('throttled'), { name: 'ThrottlingException', Item: { origin: { S: SECRET } } }),
    );

    const [line] = (await linesOf('status-updater', withSecrets())).filter(({ level }) => level === 'ERROR');

    expect(line).toMatchObject({
      error_type: 'transient',
      error_name: 'ThrottlingException',
      error_message: 'throttled',
      error_stack: expect.stringMatching(/^ {4}at /),
    });
    expect(JSON.stringify(line)).not.toContain(SECRET);
  });

  it('are bounded when the message quotes a long text', async () => {
    const lines = await linesOf('status-updater', anEnvelope({ 'detail-type': 'x'.repeat(200_000) }));

    expect(lines.map((line) => JSON.stringify(line).length).filter((length) => length > 3_000)).toEqual([]);
    expect(lines).toContainEqual(expect.objectContaining({ level: 'ERROR', error_type: 'rejected' }));
  });
});
