import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { toUserError } from '../../../../cli/target/aws-errors';
import { unusedProxy } from '../../../../cli/target/proxy';
import { targetOf } from '../../../../cli/target/target';
import { stopAfterTests } from '../../../support/after-tests';

const isSupported = process.allowedNodeEnvironmentFlags.has('--use-env-proxy');

const before = process.env;
const asked: (string | undefined)[] = [];
let address: string;

beforeAll(async () => {
  const proxy = createServer();
  proxy.on('connect', ({ url }, socket) => {
    asked.push(url);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  stopAfterTests(async () => proxy.close().closeAllConnections());
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});

beforeEach(() => {
  asked.splice(0);
  process.env = { AWS_ACCESS_KEY_ID: 'AKIAX', AWS_SECRET_ACCESS_KEY: 's', AWS_CONFIG_FILE: '/dev/null' };
});

afterEach(() => {
  process.env = before;
});

const call = () => targetOf({ env: 'dev', region: 'us-east-1' }).sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }));

(isSupported ? it : it.skip).each([
  ['HTTPS_PROXY', 'http://'],
  ['https_proxy', ''],
])('calls of AWS go through the proxy of %s, with or without its scheme', async (name, scheme) => {
  process.env[name] = `${scheme}${address}`;

  const error = await call().catch(toUserError);

  expect(String(error)).toContain('the proxy does not let this through to AWS: check HTTPS_PROXY');
  expect(new Set(asked)).toEqual(new Set(['sqs.us-east-1.amazonaws.com:443']));
  expect(unusedProxy()).toBeUndefined();
});

it.each([
  [{}, undefined],
  [{ HTTP_PROXY: 'http://proxy:3128' }, undefined],
  [
    { https_proxy: 'socks5://proxy' },
    isSupported ? 'https_proxy is not used: its scheme is socks5, and' : 'https_proxy is not used: Node.js v',
  ],
])('a proxy that is not used is named: %j', (env, notice) => {
  expect(unusedProxy(env)).toEqual(notice && expect.stringContaining(notice));
});
