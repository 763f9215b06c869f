/** The command as a process of its own: a reader that ends early, signals, and errors outside the program. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { until } from '../../../lib/until.mjs';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';
import { listening } from '../../support/listening';

jest.setTimeout(60_000);

const BIN = path.resolve('cli/logistics.mjs');
const folder = temporaryFolder('endings');

let endpoint: string;

/** Messages of a queue with every name: records of failed invocations. */
let messages: { readonly MessageId: string; readonly Body: string; visibleAt: number }[];

/** Events on the bus, which accepts all. */
let sent: number;

// biome-ignore lint/suspicious/noExplicitAny: inputs of all operations
const OPERATIONS: Readonly<Record<string, (input: any) => object>> = {
  GetQueueUrl: ({ QueueName }) => ({ QueueUrl: `${endpoint}/1/${QueueName}` }),
  GetQueueAttributes: () => ({
    Attributes: { QueueArn: 'arn:aws:sqs:us-east-1:1:q', ApproximateNumberOfMessages: String(messages.length) },
  }),
  ReceiveMessage({ MaxNumberOfMessages, VisibilityTimeout }) {
    const received = messages.filter(isVisible).slice(0, MaxNumberOfMessages);
    for (const message of received) message.visibleAt = Date.now() + VisibilityTimeout * 1_000;
    return {
      Messages: received.map(({ MessageId, Body }) => {
        const MD5OfBody = createHash('md5').update(Body).digest('hex');
        return { MessageId, ReceiptHandle: MessageId, Body, MD5OfBody };
      }),
    };
  },
  ChangeMessageVisibilityBatch({ Entries }) {
    const handles = Entries.map(({ ReceiptHandle }: { ReceiptHandle: string }) => ReceiptHandle);
    for (const message of messages) if (handles.includes(message.MessageId)) message.visibleAt = 0;
    return {};
  },
  DescribeEventBus: () => ({ Arn: 'arn:aws:events:us-east-1:1:event-bus/b' }),
  PutEvents({ Entries }) {
    sent += Entries.length;
    return { Entries: Entries.map(() => ({ EventId: 'e' })) };
  },
};

const isVisible = ({ visibleAt }: { readonly visibleAt: number }) => visibleAt <= Date.now();

function fillQueue(count: number): void {
  messages = Array.from({ length: count }, (_, place) => {
    const Body = `{"requestContext":{},"requestPayload":{"id":"envelope-${place}","detail":{}}}`;
    return { MessageId: `m-${place}`, Body, visibleAt: 0 };
  });
}

/** Lines of a file to send. */
const events = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const detail = { shipment_id: `SHP-${index + 1}` };
    return `${JSON.stringify({ source: 'logistics.shipment', 'detail-type': 'Shipment Created', detail })}\n`;
  }).join('');

beforeAll(async () => {
  const server = createServer(async (request, answer) => {
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    const input = await json(request);
    answer.end(JSON.stringify(OPERATIONS[operation]?.(input) ?? {}));
  });
  endpoint = await listening(server);
  writeFileSync(path.join(folder, 'many.ndjson'), events(300));
});

beforeEach(() => {
  fillQueue(7);
  sent = 0;
});

const environment = (changed: NodeJS.ProcessEnv = {}) => ({
  ...process.env,
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  ...changed,
});

/** Types a line in which `logistics` is the command; returns stderr, and the exit code of the command. */
async function type(line: string) {
  const script = `logistics() { "${process.execPath}" "${BIN}" "$@"; echo "ended with $?" >&3; }\n${line}`;
  const child = spawn('bash', ['-c', script], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const output = { stderr: '', ended: '' };
  child.stderr?.on('data', (chunk) => (output.stderr += chunk));
  child.stdio[3]?.on('data', (chunk) => (output.ended += chunk));
  await once(child, 'close');
  return output;
}

const visible = () => messages.filter(isVisible).length;

describe('when the reader of stdout has ended', () => {
  it('send ends after the call under way with 1, and suggests how to send the rest', async () => {
    const { stderr, ended } = await type('logistics send --no-check --rate 100000 many.ndjson | true');

    expect(ended).toBe('ended with 1\n');
    const [, next] =
      /ended before many\.ndjson:(\d+); the rest: tail -n \+\1 -- many\.ndjson \| npx \S+ logistics send --no-check --rate 100000 -\n/.exec(
        stderr,
      ) ?? [];
    expect(sent).toBe(Number(next) - 1);
    expect(sent).toBeLessThan(100);
  });

  // Only Linux has this device.
  (existsSync('/dev/full') ? it : it.skip)('queues names another error of stdout', async () => {
    const { stderr, ended } = await type('logistics queues status-updater > /dev/full');

    expect(stderr).toContain('stdout cannot be written: ENOSPC');
    expect(ended).toBe('ended with 1\n');
    expect(visible()).toBe(7);
  });
});

it('send sends nothing from a file with an invalid event, but the valid events of a pipe', async () => {
  writeFileSync(path.join(folder, 'invalid.ndjson'), `${events(1)}${events(1).replace('"SHP-1"', '7')}`);

  expect(await type('logistics send invalid.ndjson')).toEqual({
    stderr: 'invalid.ndjson:2: detail.shipment_id must be a string\nnothing was sent\n',
    ended: 'ended with 1\n',
  });
  const { stderr, ended } = await type('logistics send - < invalid.ndjson');
  expect(ended).toBe('ended with 1\n');
  expect(stderr).toContain('account 1, region us-east-1, bus logistics-events-dev\n');
  expect(stderr).toContain('stdin:2: detail.shipment_id must be a string\n');
  expect(stderr).toContain('1 sent, 0 refused by the bus, 1 left out\n1 have no event_id of their own');
  expect(sent).toBe(1);
});

it('send sends all events when stderr has no reader', async () => {
  const { ended } = await type('logistics send many.ndjson 2> >(true)');

  expect(ended).toBe('ended with 0\n');
  expect(sent).toBe(300);
});

it.each([
  ['logistics send - < .', /^stdin is a folder: give its files$/, 1],
  ['EDITOR=rm logistics repair m-0 --edit', /^the event cannot be edited: ENOENT: .*$/, 1],
  [
    'AWS_ENDPOINT_URL= AWS_REGION=us-east-1 AWS_ENDPOINT_URL_DYNAMODB=127.0.0.1:9 logistics errors',
    /^AWS cannot be called with these settings: .* \(Invalid URL\)$/,
    1,
  ],
  ["logistics discard m-1 --reason $'Z\\xfcrich'", /^error: option '--reason .* is not UTF-8, or has U\+FFFD\.$/, 2],
])('%s is refused in one line', async (line, message, code) => {
  const { stderr, ended } = await type(line);

  expect(stderr.split('\n')).toContainEqual(expect.stringMatching(message));
  expect(stderr).not.toContain('    at ');
  expect(ended).toBe(`ended with ${code}\n`);
});

it.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('queues releases its messages on %s', async (signal, code) => {
  fillQueue(207);
  const child = spawn(process.execPath, [BIN, 'queues', 'status-updater'], { env: environment() });
  await once(child.stdout, 'data');

  child.kill(signal);

  expect(await once(child, 'close')).toEqual([code, null]);
  expect(visible()).toBe(207);
});

it('send ends with 130 on SIGINT while its stdin is idle, and prints what it has sent', async () => {
  const child = spawn(process.execPath, [BIN, 'send', '-'], { env: environment() });
  stopAfterTests(async () => child.kill());
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk) => (output[name] += chunk));
  child.stdin.write(events(12));
  await until(() => output.stdout.includes('stdin:10'));

  child.kill('SIGINT');

  expect(await once(child, 'close')).toEqual([130, null]);
  expect(output.stderr).toContain(
    'ended before stdin:11; the rest: from its line 11 on\n10 sent, 0 refused by the bus, 0 left out',
  );
});

it('repair deletes the edited file on a second SIGINT while the editor is open', async () => {
  const TMPDIR = path.join(folder, 'tmp');
  mkdirSync(TMPDIR);
  const child = spawn(process.execPath, [BIN, 'repair', 'm-0', '--edit'], {
    env: environment({ TMPDIR, VISUAL: 'echo open; read line; :' }),
  });
  // The editor outlives the command, until its stdin ends.
  stopAfterTests(async () => void child.stdin.end());
  await once(child.stdout, 'data');
  const [edited = ''] = readdirSync(TMPDIR);
  expect(existsSync(path.join(TMPDIR, edited, 'event.json'))).toBe(true);

  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.kill('SIGINT');
  await until(async () => stderr.includes('once more ends at once'));
  child.kill('SIGINT');

  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(readdirSync(TMPDIR)).toEqual([]);
});
