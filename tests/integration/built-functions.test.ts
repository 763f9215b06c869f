/** The functions as `sam build` makes them, each case in a process of its own: what a cold start meets is what is tested. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Services } from '../../bench/stub/services';
import { buildFunctions, lambdaEnvironment } from '../../bench/subjects';
import type { FunctionKey } from '../../contracts/functions';
import { FUNCTION_KEYS } from '../../contracts/functions';
import { CREDENTIALS, localEnvironment } from '../../local/environment';
import { stopAfterTests, temporaryFolder } from '../after-tests';

type Bundles = Awaited<ReturnType<typeof buildFunctions>>;

let bundles: Bundles;
let endpoint: string;
let services: Services;
let requests: IncomingHttpHeaders[];

beforeAll(async () => {
  // Far from the project's node_modules: what the bundle leaves out must really not be needed.
  bundles = await buildFunctions(temporaryFolder('built'));
  const server = createServer((request, response) => {
    requests.push(request.headers);
    void services.answer(request, response);
  });
  stopAfterTests(async () => server.close().closeAllConnections());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 120_000);

beforeEach(() => {
  services = new Services();
  requests = [];
});

interface Answer {
  readonly result?: { readonly statusCode: number };
  readonly error?: { readonly name: string; readonly message: string };
}

/** Handles the events one after the other in one new process. */
async function coldStart(
  key: FunctionKey,
  files: readonly string[],
  env: NodeJS.ProcessEnv = lambdaEnvironment({ endpoint }),
): Promise<Answer[]> {
  const child: ChildProcess = fork('local/faults/handler-process.cjs', [bundles[key].file], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    env: { ...env, POWERTOOLS_LOG_LEVEL: 'SILENT', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  const answers: Answer[] = [];
  try {
    for (const file of files) {
      const event = JSON.parse(readFileSync(`events/${file}.json`, 'utf8'));
      child.send({ event, requestId: `request-${answers.length}`, clockOffset: 0, timeout: 15_000 });
      answers.push((await once(child, 'message'))[0] as Answer);
    }
  } finally {
    child.kill();
  }
  return answers;
}

const RECORD = ['PutItem SHIPMENT_EVENTS_TABLE', 'PutItem SHIPMENTS_TABLE'];
const TELL = ['Publish', 'UpdateItem SHIPMENT_EVENTS_TABLE'];
const ON_ERROR_ROW = 'UpdateItem ERROR_EVENTS_TABLE';
const FAIL = [ON_ERROR_ROW, 'PutEvents', ON_ERROR_ROW];

describe('the calls of a cold start, and no more, are', () => {
  it.each<[string, FunctionKey, string, readonly string[]]>([
    ['two for a new shipment', 'shipment-processor', 'shipment-processor/created', RECORD],
    ['two for an update', 'status-updater', 'status-updater/in-transit', RECORD],
    ['four for an event that notifies', 'status-updater', 'status-updater/delivered', [...RECORD, ...TELL]],
    [
      'three for an error event',
      'notification-handler',
      'notification-handler/processing-error',
      [ON_ERROR_ROW, 'Publish', ON_ERROR_ROW],
    ],
    [
      'four for a critical error event, which takes a place among the alerts',
      'notification-handler',
      'notification-handler/critical-error',
      [ON_ERROR_ROW, ON_ERROR_ROW, 'Publish', ON_ERROR_ROW],
    ],
  ])('%s', async (_, key, file, calls) => {
    const [answer] = await coldStart(key, [file]);

    expect(answer?.result?.statusCode).toBe(200);
    expect(services.calls).toEqual(calls);
  });

  it('two for a duplicate', async () => {
    await coldStart('status-updater', ['status-updater/in-transit']);
    services.calls.splice(0);

    const [answer] = await coldStart('status-updater', ['status-updater/in-transit']);

    expect(answer?.result?.statusCode).toBe(200);
    expect(services.calls).toEqual(RECORD);
  });

  it.each<[FunctionKey, string]>([
    ['shipment-processor', 'invalid/shipment-processor/no-shipment-id'],
    ['status-updater', 'invalid/status-updater/unknown-status'],
  ])('three for an event that the %s rejects', async (key, file) => {
    const [answer] = await coldStart(key, [file]);

    // The name survives minification: Lambda's own records carry it.
    expect(answer?.error?.name).toBe('Rejected');
    expect(services.calls).toEqual(FAIL);
  });
});

describe('credentials come from the environment variables', () => {
  const keyOf = ({ authorization = '' }: IncomingHttpHeaders) => /Credential=([^/]+)/.exec(authorization)?.[1];

  it('of Lambda and of sam local, which pass a session token, to each of the three clients', async () => {
    const env = lambdaEnvironment({ endpoint });

    await coldStart('status-updater', ['status-updater/delivered', 'invalid/status-updater/unknown-status'], env);

    expect(services.calls).toContain('PutEvents');
    expect(services.calls).toContain('Publish');
    expect(new Set(requests.map(keyOf))).toEqual(new Set([env['AWS_ACCESS_KEY_ID']]));
    expect(new Set(requests.map((headers) => headers['x-amz-security-token']))).toEqual(
      new Set([env['AWS_SESSION_TOKEN']]),
    );
  });

  it('of the embedded AWS, which passes none', async () => {
    const env = { ...lambdaEnvironment({ endpoint }), AWS_SESSION_TOKEN: undefined, ...localEnvironment(endpoint) };

    await coldStart('notification-handler', ['notification-handler/processing-error'], env);

    expect(requests).toHaveLength(3);
    expect(new Set(requests.map(keyOf))).toEqual(new Set([CREDENTIALS.accessKeyId]));
    expect(new Set(requests.map((headers) => headers['x-amz-security-token']))).toEqual(new Set([undefined]));
  });
});

describe('the bundle', () => {
  it.each(FUNCTION_KEYS)('of the %s is within 5 per cent of its recorded size', (key) => {
    const recorded: Record<string, number> = JSON.parse(readFileSync('bench/bundle-sizes.json', 'utf8'));

    expect(statSync(bundles[key].file).size).toBeLessThan((recorded[key] ?? 0) * 1.05);
  });
});
