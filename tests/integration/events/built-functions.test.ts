/** The functions as `sam build` makes them, each case in a process of its own: what a cold start meets is what is tested. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildFunctions, lambdaEnvironment } from '../../../bench/contestants';
import { ask } from '../../../bench/process';
import { Services } from '../../../bench/stub/services';
import { EVENT_FUNCTION_KEYS, type EventFunctionKey, FUNCTION_KEYS } from '../../../contracts/functions';
import { until } from '../../../lib/until.mjs';
import { CREDENTIALS, localEnvironment } from '../../../local/environment';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';

type Bundles = Awaited<ReturnType<typeof buildFunctions>>;

let bundles: Bundles;
let server: Server;
let endpoint: string;
let services: Services;
let requests: IncomingHttpHeaders[];
let connections: number;
/** Answers instead of AWS, when it is there. */
let faulty: RequestListener | undefined;

beforeAll(async () => {
  // Far from the project's node_modules: what the bundle leaves out must really not be needed.
  bundles = await buildFunctions(temporaryFolder('built'));
  server = createServer((request, response) => {
    requests.push(request.headers);
    if (faulty) faulty(request, response);
    else void services.answer(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  stopAfterTests(async () => server.close().closeAllConnections());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 120_000);

function reset(): void {
  services = new Services();
  requests = [];
  connections = 0;
}

beforeEach(() => {
  reset();
  faulty = undefined;
});

interface Answer {
  readonly result?: { readonly statusCode: number };
  readonly error?: { readonly name: string; readonly message: string };
}

/** A function in a process of its own. */
class Started {
  /** Its stdout and stderr. */
  output = '';
  private requests = 0;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        this.output += chunk;
      });
  }

  /** Starts it and waits until it is loaded, and primed. */
  static async load(key: EventFunctionKey, env: NodeJS.ProcessEnv = lambdaEnvironment({ endpoint })): Promise<Started> {
    const child = fork('local/faults/handler-process.cjs', [bundles[key].file], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
      env: { ...env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
    stopAfterTests(async () => void child.kill());
    const started = new Started(child);
    await ask(child, {});
    return started;
  }

  /** Starts it until its priming has made so many requests: on a busy machine the limit of 0.8 s may end it before. */
  static primed(key: EventFunctionKey, count: number): Promise<Started> {
    return until(async () => {
      reset();
      const started = await Started.load(key);
      return requests.length >= count && started;
    });
  }

  /** Does the work while the process is frozen, as Lambda's are between two events. */
  async whileFrozen(work: () => Promise<void> | void): Promise<void> {
    this.child.kill('SIGSTOP');
    await work();
    this.child.kill('SIGCONT');
  }

  handle(file: string): Promise<Answer> {
    const event = JSON.parse(readFileSync(`events/${file}.json`, 'utf8'));
    this.requests += 1;
    return ask(this.child, { event, requestId: `request-${this.requests}`, clockOffset: 0, timeout: 15_000 });
  }
}

/** Has the function of the first event's folder handle all of them in one new process; of the calls, those of its start are left out. */
async function handleAll(files: readonly string[], env?: NodeJS.ProcessEnv): Promise<Answer[]> {
  const key = EVENT_FUNCTION_KEYS.find((each) => files[0]?.includes(each)) ?? 'status-updater';
  const started = await Started.load(key, env);
  services.calls.splice(0);
  requests.splice(0);
  const answers: Answer[] = [];
  for (const file of files) answers.push(await started.handle(file));
  return answers;
}

const RECORD = ['PutItem SHIPMENT_EVENTS_TABLE', 'PutItem SHIPMENTS_TABLE'];
const ON_ERROR_ROW = 'UpdateItem ERROR_EVENTS_TABLE';
const FAIL = [ON_ERROR_ROW, 'PutEvents', ON_ERROR_ROW];

describe('the calls of the first events, and no more, are', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['two for a new shipment', ['shipment-processor/created'], RECORD],
    [
      'two for an update, and two for its duplicate',
      ['status-updater/in-transit', 'status-updater/in-transit'],
      [...RECORD, ...RECORD],
    ],
    [
      'four for an event that notifies',
      ['status-updater/delivered'],
      [...RECORD, 'Publish', 'UpdateItem SHIPMENT_EVENTS_TABLE'],
    ],
    ['three for an error event', ['notification-handler/processing-error'], [ON_ERROR_ROW, 'Publish', ON_ERROR_ROW]],
    [
      'four for a critical error event, which takes a place among the alerts',
      ['notification-handler/critical-error'],
      [ON_ERROR_ROW, ON_ERROR_ROW, 'Publish', ON_ERROR_ROW],
    ],
  ])('%s', async (_, files, calls) => {
    const answers = await handleAll(files);

    expect(answers.map(({ result }) => result?.statusCode)).toEqual(files.map(() => 200));
    expect(services.calls).toEqual(calls);
  });

  it.each(['invalid/shipment-processor/no-shipment-id', 'invalid/status-updater/unknown-status'])(
    'three for the rejected %s',
    async (file) => {
      const [answer] = await handleAll([file]);

      // The name survives minification: Lambda's own records carry it.
      expect(answer?.error?.name).toBe('Rejected');
      expect(services.calls).toEqual(FAIL);
    },
  );
});

describe('credentials come from the environment variables', () => {
  const keyOf = ({ authorization = '' }: IncomingHttpHeaders) => /Credential=([^/]+)/.exec(authorization)?.[1];

  it('of Lambda and of sam local, which pass a session token, to each of the three clients', async () => {
    const env = lambdaEnvironment({ endpoint });

    await handleAll(['status-updater/delivered', 'invalid/status-updater/unknown-status'], env);

    expect(services.calls).toContain('PutEvents');
    expect(services.calls).toContain('Publish');
    expect(new Set(requests.map(keyOf))).toEqual(new Set([env['AWS_ACCESS_KEY_ID']]));
    expect(new Set(requests.map((headers) => headers['x-amz-security-token']))).toEqual(
      new Set([env['AWS_SESSION_TOKEN']]),
    );
  });

  it('of the embedded AWS, which passes none', async () => {
    const env = { ...lambdaEnvironment({ endpoint }), AWS_SESSION_TOKEN: undefined, ...localEnvironment(endpoint) };

    await handleAll(['notification-handler/processing-error'], env);

    expect(requests).toHaveLength(3);
    expect(new Set(requests.map(keyOf))).toEqual(new Set([CREDENTIALS.accessKeyId]));
    expect(new Set(requests.map((headers) => headers['x-amz-security-token']))).toEqual(new Set([undefined]));
  });
});

describe.each<[EventFunctionKey, string, readonly string[], number]>([
  ['status-updater', 'status-updater/in-transit', RECORD, 1],
  [
    'notification-handler',
    'notification-handler/processing-error',
    ['UpdateItem ERROR_EVENTS_TABLE', 'no action', 'UpdateItem ERROR_EVENTS_TABLE'],
    2,
  ],
])('the priming of the %s', (key, file, calls, clients) => {
  it('makes the calls of an event, which change, publish, log and count nothing, and opens their connections', async () => {
    const started = await Started.primed(key, calls.length);

    expect(services.calls).toEqual(calls);
    expect(services.effects).toBe(0);
    // Before the event: on a busy machine the stub may have closed them when it comes.
    expect(connections).toBe(clients);
    expect(started.output).toBe('');

    const { result } = await started.handle(file);

    expect(result?.statusCode).toBe(200);
    expect(services.effects).toBe(calls.length);
    // The first event is still that of a cold start.
    const lines = started.output.trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(expect.objectContaining({ cold_start: true }));
    expect(started.output).not.toContain('priming');
  });

  const refuses =
    (status: number, __type: string): RequestListener =>
    (_, response) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify({ __type }));

  it.each<[string, RequestListener, number]>([
    ['does not answer', () => undefined, 1],
    ['closes the connection', (request) => request.socket.destroy(), 1],
    ['throttles', refuses(400, 'ProvisionedThroughputExceededException'), calls.length],
    ['finds the clock wrong', refuses(403, 'InvalidSignatureException'), calls.length],
    ['denies access', refuses(400, 'AccessDeniedException'), calls.length],
  ])('tries each call once when AWS %s, and the first event is handled as ever', async (_, listener, attempts) => {
    faulty = listener;
    const started = await Started.primed(key, attempts);
    expect(requests).toHaveLength(attempts);
    faulty = undefined;

    const { result } = await started.handle(file);

    expect(result?.statusCode).toBe(200);
    expect(services.effects).toBe(calls.length);
    expect(started.output).not.toContain('priming');
    expect(started.output).not.toContain('ERROR');
  });

  it('closes a connection that is held up when its limit ends it', async () => {
    const closed = new Promise<void>((resolve) => {
      faulty = (request) => request.socket.once('close', resolve);
    });

    const started = await Started.load(key);
    // Frozen, the SDK does not come to its own timeout.
    await started.whileFrozen(() => closed);

    expect(requests).toHaveLength(1);
    expect(started.output).toBe('');
  });

  it('leaves connections that AWS may close before the first event', async () => {
    const started = await Started.load(key);
    await started.whileFrozen(() => server.closeAllConnections());

    const { result } = await started.handle(file);

    expect(result?.statusCode).toBe(200);
    expect(services.effects).toBe(calls.length);
    expect(started.output).not.toContain('ERROR');
  });

  it.each<[string, NodeJS.ProcessEnv]>([
    ['AWS is not there', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }],
    ['there are no credentials', { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }],
  ])('leaves it to the first event to fail and to say so when %s', async (_, without) => {
    const started = await Started.load(key, { ...lambdaEnvironment({ endpoint }), ...without });
    expect(started.output).toBe('');

    const { error } = await started.handle(file);

    expect(error).toBeDefined();
    expect(started.output).toContain('the event was not handled');
    expect(started.output).not.toContain('priming');
  });
});

describe('the bundle', () => {
  it.each(FUNCTION_KEYS)('of the %s is within 5 per cent of its recorded size, or of the largest', (key) => {
    const recorded: Record<string, number> = JSON.parse(readFileSync('bench/bundle-sizes.json', 'utf8'));
    const largest = Math.max(...Object.values(recorded));

    expect(statSync(bundles[key].file).size).toBeLessThan((recorded[key] ?? largest) * 1.05);
  });
});
