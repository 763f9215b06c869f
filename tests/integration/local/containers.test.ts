import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ask } from '../../../local/ask';
import { samLocalInvoke } from '../../../local/containers';
import { startEmulator } from '../../../local/emulator';
import { CREDENTIALS } from '../../../local/environment';
import { signedGet } from '../../../local/signature';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';

const folder = temporaryFolder('containers');
const networkAsked = path.join(folder, 'asked');
const originalPath = process.env['PATH'];

/** Makes the PATH a folder with a fake Docker whose bridge has this address, or with none. It creates a file when asked for its network. */
function withDocker(gateway?: string, host = 'unix:///var/run/docker.sock'): void {
  const bin = path.join(folder, gateway ?? 'none');
  mkdirSync(bin, { recursive: true });
  if (gateway) {
    writeFileSync(
      path.join(bin, 'docker'),
      `#!/bin/sh\n[ "$1" = context ] && echo ${host} && exit\n: > ${networkAsked}\necho ${gateway}\n`,
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
  process.env['PATH'] = originalPath;
  rmSync(networkAsked, { force: true });
});

const command = () =>
  samLocalInvoke({ endpoint, build: folder, outputs: { AlertsTopicArn: 'arn:alerts' } }, stopAfterTests);

/** Status of a signed call to an address under a host name. */
async function statusOf(address: string, name: string): Promise<number> {
  const health = `:${new URL(endpoint).port}/_ministack/health`;
  const { status } = await ask(`http://${address}${health}`, {
    headers: signedGet(new URL(`http://${name}${health}`)),
  });
  return status;
}

// Linux has every address of 127.0.0.0/8; other systems have only the first.
(process.platform === 'linux' ? it : it.skip)(
  'lets containers reach the embedded AWS over the bridge, under its name only',
  async () => {
    withDocker('127.0.0.2');

    expect(await command()).toContain(' --add-host host.docker.internal:127.0.0.2');
    expect(await statusOf('127.0.0.2', 'host.docker.internal')).toBe(200);
    expect(await statusOf('127.0.0.2', '127.0.0.2')).toBe(403);
  },
);

it('adds no host when Docker runs in a virtual machine, and writes the access key to a file', async () => {
  withDocker('192.0.2.1');

  const printed = await command();

  expect(printed).toMatch(/^\S.* local invoke StatusUpdater --event \S+ .*Architecture=\w+$/);
  const [, variables = ''] = /--env-vars (\S+)/.exec(printed ?? '') ?? [];
  expect(JSON.parse(readFileSync(variables, 'utf8'))).toEqual({
    Parameters: expect.objectContaining({
      AWS_ENDPOINT_URL: endpoint.replace('127.0.0.1', 'host.docker.internal'),
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      ALERTS_TOPIC_ARN: 'arn:alerts',
    }),
  });
  expect(printed).not.toContain(CREDENTIALS.secretAccessKey);
  expect(readFileSync(path.join(folder, 'invoke.yaml'), 'utf8')).toContain("Variables:\n      AWS_ENDPOINT_URL: ''\n");
});

it('is not offered when Docker does not run', async () => {
  withDocker();

  expect(await command()).toBeUndefined();
});

// Any other address may be another machine.
it.each([
  ['unix:///var/run/docker.sock', true],
  ['npipe:////./pipe/docker_engine', true],
  ['tcp://192.0.2.9:2376', false],
  ['', false],
])('asks a Docker at %j for its network, and is offered: %s', async (host, expected) => {
  withDocker('192.0.2.1', host);

  expect([(await command()) !== undefined, existsSync(networkAsked)]).toEqual([expected, expected]);
});
