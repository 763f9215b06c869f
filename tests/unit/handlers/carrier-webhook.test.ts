import { createHash } from 'node:crypto';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Context, LambdaFunctionURLEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { CARRIER_NAMES } from '../../../contracts/carriers';
import { HANDLER_ENVIRONMENT } from '../../support/builders/handler-environment';
import { events, everythingWorks, LOGGING } from '../../support/builders/handlers';
import { aContext } from '../../support/builders/lambda';
import { capturedLines, isMetrics, type Line, metricsIn } from '../../support/builders/log-lines';
import { aCall, aWebhook, SECRET, SETTINGS, sampleBody } from '../../support/builders/webhook-calls';

const ssm = mockClient(SSMClient);

let handler: (call: LambdaFunctionURLEvent, context: Context) => Promise<{ statusCode: number }>;

beforeAll(async () => {
  Object.assign(process.env, HANDLER_ENVIRONMENT, LOGGING);
  handler = (await import('../../../src/handlers/carrier-webhook')).handler as unknown as typeof handler;
});

beforeEach(() => {
  everythingWorks();
  ssm.reset();
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: SETTINGS } });
});

/** The status of the response to a call, or the error, and the logged lines. */
async function run(call: LambdaFunctionURLEvent, context = aContext(10_000)) {
  let status: number | undefined;
  let thrown: unknown;
  const lines = await capturedLines(async () => {
    try {
      status = (await handler(call, context)).statusCode;
    } catch (error) {
      thrown = error;
    }
  });
  return { status, thrown, lines };
}

const calls = () => events.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries ?? []);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const metricsOf = (lines: readonly Line[]) => {
  const [line] = lines.filter(isMetrics);
  return { platform: line?.['platform'], values: metricsIn(line).values };
};

describe('a call', () => {
  it.each([
    ['/', 'POST', 404],
    ['/EASYPOST', 'POST', 404],
    ['/constructor', 'POST', 404],
    ['/easypost', 'GET', 405],
  ])('of %s by %s gets %d, and is neither verified nor counted', async (path, method, expected) => {
    const { status, lines } = await run(aCall(path, '{}', {}, method));

    expect(status).toBe(expected);
    expect(ssm.calls()).toEqual([]);
    expect(lines.filter(isMetrics)).toEqual([]);
  });

  it('without a body is refused as unsigned', async () => {
    const { body: _, ...call } = aCall('/easypost', '');

    expect((await run(call as LambdaFunctionURLEvent)).status).toBe(401);
  });

  it('with its body in base64 is accepted', async () => {
    const call = aWebhook('easypost');
    const body = Buffer.from(call.body ?? '').toString('base64');

    expect((await run({ ...call, body, isBase64Encoded: true })).status).toBe(200);
  });
});

it.each(CARRIER_NAMES)('responds to a webhook of %s with 200 once its events are on the bus', async (platform) => {
  const { status, lines } = await run(aWebhook(platform));

  expect(status).toBe(200);
  expect(calls()).toHaveLength(1);
  for (const entry of calls().flat())
    expect(entry).toMatchObject({
      EventBusName: 'bus',
      Source: 'logistics.shipment',
      DetailType: 'Shipment Status Updated',
    });
  expect(metricsOf(lines)).toEqual({ platform, values: { WebhooksReceived: 1 } });
});

describe('a webhook whose events are not on the bus', () => {
  it('throws, so that Lambda responds with 502 and counts an error', async () => {
    events.on(PutEventsCommand).rejects(new Error('connection lost'));

    const { thrown, lines } = await run(aWebhook('aftership'));

    expect(thrown).toEqual(new Error('connection lost'));
    expect(metricsOf(lines).values).toEqual({ WebhooksReceived: 1, AttemptsFailed: 1 });
  });

  it('throws before the function’s timeout', async () => {
    events.on(PutEventsCommand).callsFake(() => new Promise(() => undefined));

    expect(String((await run(aWebhook('aftership'), aContext(3_050))).thrown)).toContain('DeadlineReached');
  });
});

it('logs only the digest of a body, and no secret', async () => {
  const body = sampleBody('aftership');
  const accepted = await run(aWebhook('aftership'));
  const forged = await run(aWebhook('aftership', body, 'a-secret-that-is-not-theirs'));
  events.on(PutEventsCommand).rejects(new Error('connection lost'));
  const failed = await run(aWebhook('aftership'));

  expect(forged.status).toBe(401);
  for (const { lines } of [accepted, forged, failed]) {
    for (const line of lines.filter((candidate) => !isMetrics(candidate)))
      expect(line).toMatchObject({ platform: 'aftership', body_sha256: sha256(body) });
    const text = JSON.stringify(lines);
    for (const hidden of [SECRET, 'AS7720031455', 'Rotterdam', 'Nobody at home']) expect(text).not.toContain(hidden);
  }
});
