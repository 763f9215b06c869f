/** The functions as `sam build` writes them. Each case starts a new process, as a cold start does. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { buildFunctions, lambdaEnvironment } from '../../../bench/contestants';
import { ask } from '../../../bench/process';
import { Services } from '../../../bench/stub/services';
import { EVENT_FUNCTION_KEYS, type EventFunctionKey, FUNCTION_KEYS } from '../../../contracts/functions';
import { until } from '../../../lib/until.mjs';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';
import { listening } from '../../support/listening';

type Bundles = Awaited<ReturnType<typeof buildFunctions>>;

let bundles: Bundles;
let server: Server;
let endpoint: string;
let services: Services;
let requests: IncomingHttpHeaders[];
let connections: number;
/** If defined, answers instead of AWS. */
let faulty: RequestListener | undefined;

beforeAll(async () => {
  // Outside the project, so that a bundle cannot use its node_modules.
  bundles = await buildFunctions(temporaryFolder('built'));
  server = createServer((request, response) => {
    requests.push(request.headers);
    if (faulty) faulty(request, response);
    else void services.answer(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  endpoint = await listening(server);
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

/** A function in its own process. */
class FunctionProcess {
  output = '';
  private requests = 0;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        this.output += chunk;
      });
  }

  /** Starts it and waits until it is loaded and primed. */
  static async load(
    key: EventFunctionKey,
    env: NodeJS.ProcessEnv = lambdaEnvironment({ endpoint }),
  ): Promise<FunctionProcess> {
    const child = fork('local/faults/handler-process.cjs', [bundles[key].file], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
      env: { ...env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
    stopAfterTests(async () => void child.kill());
    const started = new FunctionProcess(child);
    await ask(child, {});
    return started;
  }

  /** Starts it again until its priming makes this many requests: on a busy machine its limit of 0.8 s may come first. */
  static primed(key: EventFunctionKey, count: number): Promise<FunctionProcess> {
    return until(async () => {
      reset();
      const started = await FunctionProcess.load(key);
      return requests.length >= count && started;
    });
  }

  /** Does the work while the process is frozen, as Lambda freezes it between two events. */
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

/** Starts the function of the first event's folder, and lets it handle all of these. Calls of its start are not recorded. */
async function handleAll(files: readonly string[]): Promise<Answer[]> {
  const key = EVENT_FUNCTION_KEYS.find((name) => files[0]?.includes(name)) ?? 'status-updater';
  const started = await FunctionProcess.load(key);
  services.calls.splice(0);
  requests.splice(0);
  const answers: Answer[] = [];
  for (const file of files) answers.push(await started.handle(file));
  return answers;
}

const RECORD = ['PutItem SHIPMENT_EVENTS_TABLE', 'PutItem SHIPMENTS_TABLE'];
const ON_ERROR_ROW = 'UpdateItem ERROR_EVENTS_TABLE';
const FAIL = [ON_ERROR_ROW, 'PutEvents', ON_ERROR_ROW];

describe('a function makes exactly', () => {
  it.each<[string, readonly string[], readonly string[], string?]>([
    ['two calls for a new shipment', ['shipment-processor/created'], RECORD],
    [
      'two calls for an update, and two for its duplicate',
      ['status-updater/in-transit', 'status-updater/in-transit'],
      [...RECORD, ...RECORD],
    ],
    [
      'four calls for an event that notifies',
      ['status-updater/delivered'],
      [...RECORD, 'Publish', 'UpdateItem SHIPMENT_EVENTS_TABLE'],
    ],
    [
      'three calls for an error event',
      ['notification-handler/processing-error'],
      [ON_ERROR_ROW, 'Publish', ON_ERROR_ROW],
    ],
    [
      'four calls for a critical error event, which takes a place among the alerts',
      ['notification-handler/critical-error'],
      [ON_ERROR_ROW, ON_ERROR_ROW, 'Publish', ON_ERROR_ROW],
    ],
    ['three calls for a rejected event', ['invalid/status-updater/unknown-status'], FAIL, 'Rejected'],
  ])('%s', async (_, files, calls, outcome: number | string = 200) => {
    const answers = await handleAll(files);

    // Lambda's records contain the error's name, so it must survive minification.
    expect(answers.map(({ result, error }) => result?.statusCode ?? error?.name)).toEqual(files.map(() => outcome));
    expect(services.calls).toEqual(calls);
  });
});

it('the SDK’s credentials come from Lambda’s variables, with a session token, for each of the three clients', async () => {
  await handleAll(['status-updater/delivered', 'invalid/status-updater/unknown-status']);

  const env = lambdaEnvironment({ endpoint });
  expect(services.calls).toEqual(expect.arrayContaining(['PutEvents', 'Publish']));
  for (const { authorization, 'x-amz-security-token': token } of requests) {
    expect(authorization).toContain(`Credential=${env['AWS_ACCESS_KEY_ID']}/`);
    expect(token).toBe(env['AWS_SESSION_TOKEN']);
  }
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
  it('makes the calls of an event without any effect, log line or metric, and opens their connections', async () => {
    const started = await FunctionProcess.primed(key, calls.length);

    expect(services.calls).toEqual(calls);
    expect(services.effects).toBe(0);
    // Checked before the event: on a busy machine the stub may have closed connections by then.
    expect(connections).toBe(clients);
    expect(started.output).toBe('');

    const { result } = await started.handle(file);

    expect(result?.statusCode).toBe(200);
    expect(services.effects).toBe(calls.length);
    // The first event still counts as a cold start.
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
    ['refuses the clock', refuses(403, 'InvalidSignatureException'), calls.length],
    ['denies access', refuses(400, 'AccessDeniedException'), calls.length],
  ])('tries each call once when AWS %s, and the first event is handled as usual', async (_, listener, attempts) => {
    faulty = listener;
    const started = await FunctionProcess.primed(key, attempts);
    expect(requests).toHaveLength(attempts);
    faulty = undefined;

    const { result } = await started.handle(file);

    expect(result?.statusCode).toBe(200);
    expect(services.effects).toBe(calls.length);
    expect(started.output).not.toContain('priming');
    expect(started.output).not.toContain('ERROR');
  });

  it('closes a connection without an answer at its time limit', async () => {
    const closed = new Promise<void>((resolve) => {
      faulty = (request) => request.socket.once('close', resolve);
    });

    const started = await FunctionProcess.load(key);
    // While frozen, the SDK cannot reach its own timeout.
    await started.whileFrozen(() => closed);

    expect(requests).toHaveLength(1);
    expect(started.output).toBe('');
  });

  it('opens connections that AWS may close before the first event', async () => {
    const started = await FunctionProcess.load(key);
    await started.whileFrozen(() => server.closeAllConnections());

    const { result } = await started.handle(file);

    expect(result?.statusCode).toBe(200);
    expect(services.effects).toBe(calls.length);
    expect(started.output).not.toContain('ERROR');
  });

  it.each<[string, NodeJS.ProcessEnv]>([
    ['AWS cannot be reached', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }],
    ['there are no credentials', { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }],
  ])('writes nothing, and the first event fails with a log line, when %s', async (_, without) => {
    const started = await FunctionProcess.load(key, { ...lambdaEnvironment({ endpoint }), ...without });
    expect(started.output).toBe('');

    const { error } = await started.handle(file);

    expect(error).toBeDefined();
    expect(started.output).toContain('the event was not handled');
    expect(started.output).not.toContain('priming');
  });
});

describe('the bundle', () => {
  it.each(FUNCTION_KEYS)(
    'of the %s is at most 5 per cent larger than recorded, or than the largest if it is new',
    (key) => {
      const recorded: Record<string, number> = JSON.parse(readFileSync('bench/bundle-sizes.json', 'utf8'));
      const largest = Math.max(...Object.values(recorded));

      expect(statSync(bundles[key].file).size).toBeLessThan((recorded[key] ?? largest) * 1.05);
    },
  );
});
