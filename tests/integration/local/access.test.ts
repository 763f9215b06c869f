/** Each listener denies calls that do not come from its clients. tests/unit/demo/page/server.test.ts tests the page's. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { Agent } from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { startStub } from '../../../bench/stub/start';
import { ask, type HttpAnswer } from '../../../local/ask';
import { type Emulator, startEmulator } from '../../../local/emulator';
import { CREDENTIALS, REGION } from '../../../local/environment';
import { FaultProxy } from '../../../local/faults/fault-proxy';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

interface Listener {
  readonly endpoint: string;
  readonly agent?: Agent;
}

let emulator: Emulator;
const proxy = new FaultProxy();
const listeners: Record<string, Listener> = {};

beforeAll(async () => {
  emulator = await startEmulator(stopAfterTests);
  proxy.forwardTo(emulator.endpoint);
  stopAfterTests(async () => proxy.close());
  const stub = await startStub(temporaryFolder('stub'), stopAfterTests);
  listeners['embedded AWS'] = { endpoint: emulator.endpoint };
  listeners['fault proxy'] = { endpoint: await proxy.listen() };
  const agent = new Agent({ ca: readFileSync(stub.certificate), servername: 'localhost' });
  listeners['stub'] = { endpoint: stub.endpoint, agent };
}, 60_000);

const listenerOf = (name: string) => listeners[name] as Listener;

/** A call with these headers, signed by the SDK and not sent. */
async function signed(
  endpoint: string,
  headers: Record<string, string> = {},
  credentials = CREDENTIALS,
): Promise<Sent> {
  let sent: Sent | undefined;
  const requestHandler = {
    handle: async ({ method, path, headers, body }: Sent) => {
      sent = { method, path, headers, body };
      throw new Error('not sent');
    },
  };
  const client = new DynamoDBClient({
    endpoint,
    credentials,
    region: REGION,
    maxAttempts: 1,
    requestHandler,
  } as object);
  client.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as Sent).headers, headers);
      return next(args);
    },
    { step: 'build' },
  );
  await client.send(new ListTablesCommand({})).catch(() => undefined);
  if (!sent) throw new Error('the SDK made no request');
  return sent;
}

function answerTo({ endpoint, ...options }: Listener, { body, headers: signed, ...sent }: Sent) {
  const { host } = new URL(endpoint);
  const allHeaders = { host, ...signed, 'content-length': String(Buffer.byteLength(body)) };
  // As a list, since node:http accepts some headers only once in an object.
  const headers = Object.entries(allHeaders).flatMap(([name, values]) =>
    [values].flat().flatMap((value) => [name, value]),
  );
  return ask(endpoint, { ...options, ...sent, headers }, body);
}

const corsHeadersOf = ({ headers }: HttpAnswer) =>
  Object.keys(headers).filter((header) => header.startsWith('access-control-'));

const withHeaders = (headers: Record<string, string>) => (call: Sent) => ({
  ...call,
  headers: { ...call.headers, ...headers },
});

const CREATE_FUNCTION: Sent = {
  method: 'POST',
  path: '/2015-03-31/functions',
  headers: { 'content-type': 'text/plain' },
  body: JSON.stringify({ FunctionName: 'intruder', Role: 'arn:aws:iam::000000000000:role/r', Code: { ZipFile: '' } }),
};

const OTHER_BODY = '{"Limit":1}';

const ATTACKS: Readonly<Record<string, (call: Sent, listener: Listener) => Sent | Promise<Sent>>> = {
  'a foreign name that resolves to this machine': () => signed('http://attacker.example'),
  'our address with another port': () => signed('http://127.0.0.1:1'),
  'the origin of a web page': withHeaders({ origin: 'http://localhost:3000' }),
  'a web page without an origin': withHeaders({ 'sec-fetch-site': 'cross-site' }),
  'no signature': ({ headers: { authorization: _, ...headers }, ...call }) => ({ ...call, headers }),
  'a function to run, unsigned and as text': () => CREATE_FUNCTION,
  "the emulator's own API, unsigned": () => ({
    ...CREATE_FUNCTION,
    method: 'GET',
    path: '/_ministack/sqs/messages',
    body: '',
  }),
  'the right key id and another secret': (_call, { endpoint }) =>
    signed(endpoint, {}, { ...CREDENTIALS, secretAccessKey: 'test' }),
  'a signature of another body': (call) => ({ ...call, body: OTHER_BODY }),
  'a signature of another body, by its hash': async (_call, { endpoint }) => ({
    ...(await signed(endpoint, { 'x-amz-content-sha256': createHash('sha256').update('{}').digest('hex') })),
    body: OTHER_BODY,
  }),
  'an x-amz header that the signature does not cover': withHeaders({ 'x-amz-target-id': 'any' }),
};

describe.each(['embedded AWS', 'fault proxy', 'stub'])('the %s', (name) => {
  it('answers its own client without CORS headers', async () => {
    const answer = await answerTo(listenerOf(name), await signed(listenerOf(name).endpoint));

    expect(answer.status).toBe(200);
    expect(corsHeadersOf(answer)).toEqual([]);
  });

  it.each(Object.entries(ATTACKS))('denies a call with %s', async (_, attack) => {
    const before = proxy.calls.length;
    const listener = listenerOf(name);
    const answer = await answerTo(listener, await attack(await signed(listener.endpoint), listener));

    expect(answer.status).toBe(403);
    expect(corsHeadersOf(answer)).toEqual([]);
    expect(proxy.calls).toHaveLength(before);
  });

  it('denies a call with its own Host header and a foreign one', async () => {
    const listener = listenerOf(name);
    const { headers, ...call } = await signed(listener.endpoint);
    const host = [new URL(listener.endpoint).host, 'attacker.example'];

    // The embedded AWS's server answers 400 before the guard sees the call.
    expect([400, 403]).toContain((await answerTo(listener, { ...call, headers: { ...headers, host } })).status);
  });
});

it('has carried out no denied call: there is no function', async () => {
  const client = new LambdaClient({ endpoint: emulator.endpoint, region: REGION, credentials: CREDENTIALS });

  expect((await client.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
});

it('hides logs and builds from other users of this machine', () => {
  const folders = [os.tmpdir(), '.aws-sam'].flatMap((parent) =>
    readdirSync(parent)
      .filter((folder) => /^(logistics-)?local-/.test(folder))
      .map((folder) => path.join(parent, folder)),
  );
  const modes = folders.flatMap((folder) => statSync(folder, { throwIfNoEntry: false })?.mode ?? []);

  expect(modes.length).toBeGreaterThan(0);
  expect(modes.filter((mode) => mode & 0o077)).toEqual([]);
});
