import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { toUserError } from '../../../../cli/target/aws-errors';
import { agents } from '../../../../cli/target/proxy';
import { targetOf } from '../../../../cli/target/target';
import { listening } from '../../../support/listening';

const isSupported = process.allowedNodeEnvironmentFlags.has('--use-env-proxy');

const before = process.env;
const connects: (string | undefined)[] = [];
let address: string;

beforeAll(async () => {
  const proxy = createServer();
  proxy.on('connect', ({ url }, socket) => {
    connects.push(url);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  address = new URL(await listening(proxy)).host;
});

beforeEach(() => {
  connects.splice(0);
  process.env = { AWS_ACCESS_KEY_ID: 'AKIAX', AWS_SECRET_ACCESS_KEY: 's', AWS_CONFIG_FILE: '/dev/null' };
});

afterEach(() => {
  process.env = before;
});

const call = () => targetOf({ env: 'dev', region: 'us-east-1' }).sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }));

(isSupported ? it : it.skip).each([
  ['HTTPS_PROXY', 'http://'],
  ['https_proxy', ''],
  ['HTTPS_PROXY', 'HTTP://'],
])('calls of AWS go through the proxy of %s, with the scheme %j', async (name, scheme) => {
  process.env[name] = `${scheme}${address}`;

  const error = await call().catch(toUserError);

  expect(String(error)).toContain('the proxy does not let this through to AWS: check HTTPS_PROXY');
  expect(new Set(connects)).toEqual(new Set(['sqs.us-east-1.amazonaws.com:443']));
});

(isSupported ? it : it.skip)('an error about an invalid proxy URL names its variable without the value', () => {
  expect(() => agents({ HTTPS_PROXY: 'user:secret@::' })).toThrow(/^HTTPS_PROXY is no URL: give one like/);
});

it('the certificates of AWS_CA_BUNDLE are used, as by the AWS CLI', () => {
  expect(agents({})).toEqual({});
  expect(agents({ AWS_CA_BUNDLE: 'package.json' }).httpsAgent?.options.ca).toEqual(readFileSync('package.json'));
  expect(() => agents({ AWS_CA_BUNDLE: 'absent.pem' })).toThrow('AWS_CA_BUNDLE cannot be read');
});
