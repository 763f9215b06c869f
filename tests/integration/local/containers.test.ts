import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import { samLocalInvoke } from '../../../local/containers';
import { startEmulator } from '../../../local/emulator';
import { CREDENTIALS } from '../../../local/environment';
import { signedGet } from '../../../local/signature';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';

const folder = temporaryFolder('containers');
const asked = path.join(folder, 'asked');
const before = process.env['PATH'];

/** Puts a Docker on the PATH whose bridge has this address here, or none; asked about its network, it makes a file. */
function withDocker(gateway?: string, host = 'unix:///var/run/docker.sock'): void {
  const bin = path.join(folder, gateway ?? 'none');
  mkdirSync(bin, { recursive: true });
  if (gateway) {
    writeFileSync(
      path.join(bin, 'docker'),
      `#!/bin/sh\n[ "$1" = context ] && echo ${host} && exit\n: > ${asked}\necho ${gateway}\n`,
    );
    chmodSync(path.join(bin, 'docker'), 0o755);
  }
  process.env['PATH'] = bin;
}

let endpoint: string;

beforeAll(async () => {
  ({ endpoint } = await startEmulator(stopAfterTests));
  writeFileSync(path.join(folder, 'template.yaml'), '    Variables:\n      ENVIRONMENT: dev\n');
});

afterEach(() => {
  process.env['PATH'] = before;
  rmSync(asked, { force: true });
});

const command = () =>
  samLocalInvoke({ endpoint, build: folder, outputs: { AlertsTopicArn: 'arn:alerts' } }, stopAfterTests);

/** The status of a signed call to an address, by a name. */
function called(address: string, name: string): Promise<number | undefined> {
  const url = new URL(`http://${name}:${new URL(endpoint).port}/_ministack/health`);
  return new Promise((resolve, reject) => {
    const headers = signedGet(url);
    get({ host: address, port: url.port, path: url.pathname, headers, agent: false }, ({ statusCode }) =>
      resolve(statusCode),
    ).once('error', reject);
  });
}

// Every address of 127.0.0.0/8 is Linux's own; other systems have the first alone.
(process.platform === 'linux' ? it : it.skip)(
  'containers reach the embedded AWS by the bridge, by its name',
  async () => {
    withDocker('127.0.0.2');

    expect(await command()).toContain(' --add-host host.docker.internal:127.0.0.2');
    expect(await called('127.0.0.2', 'host.docker.internal')).toBe(200);
    expect(await called('127.0.0.2', '127.0.0.2')).toBe(403);
  },
);

it('needs no name for this machine where Docker has its bridge in a virtual machine, and keeps the access key in a file', async () => {
  withDocker('192.0.2.1');

  const typed = await command();

  expect(typed).toMatch(/^\S.* local invoke StatusUpdater --event \S+ .*Architecture=\w+$/);
  const [, variables = ''] = /--env-vars (\S+)/.exec(typed ?? '') ?? [];
  expect(JSON.parse(readFileSync(variables, 'utf8'))).toEqual({
    Parameters: expect.objectContaining({
      AWS_ENDPOINT_URL: endpoint.replace('127.0.0.1', 'host.docker.internal'),
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      ALERTS_TOPIC_ARN: 'arn:alerts',
    }),
  });
  expect(typed).not.toContain(CREDENTIALS.secretAccessKey);
  expect(readFileSync(path.join(folder, 'invoke.yaml'), 'utf8')).toContain("Variables:\n      AWS_ENDPOINT_URL: ''\n");
});

it('is not offered where Docker does not run', async () => {
  withDocker();

  expect(await command()).toBeUndefined();
});

// Another may be another machine.
it.each([
  ['unix:///var/run/docker.sock', true],
  ['npipe:////./pipe/docker_engine', true],
  ['tcp://192.0.2.9:2376', false],
  ['ssh://user@192.0.2.9', false],
  ['http://127.0.0.1:2375', false],
  ['', false],
])('asks a Docker at %j, and is offered there: %s', async (host, expected) => {
  withDocker('192.0.2.1', host);

  expect([(await command()) !== undefined, existsSync(asked)]).toEqual([expected, expected]);
});
