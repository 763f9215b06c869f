import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { Command } from 'commander';
import { contextOf, createProgram } from '../../../../cli/program';
import type { Target } from '../../../../cli/target/target';
import { temporaryFolder } from '../../../support/after-tests';

/** Where a command works that has these options on its command line. */
function targetWith(...options: string[]): Target {
  let found: Target | undefined;
  const program = createProgram([
    (commands) =>
      void commands.addCommand(
        new Command('attention').action((_options, command) => {
          found = contextOf(command).target;
        }),
      ),
  ]);
  program.parse(['attention', ...options], { from: 'user' });
  if (!found) throw new Error('the command did not run');
  return found;
}

const suggested = (target: Target) => [target.command`errors`, target.aws`sts get`, target.sam`deploy`];

describe('the region', () => {
  const before = process.env;
  const config = path.join(temporaryFolder('config'), 'config');

  beforeAll(() => writeFileSync(config, '[default]\nregion = eu-central-1\n'));
  afterEach(() => {
    process.env = before;
  });

  it.each([
    [{}, 'eu-central-1'],
    [{ AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-west-1'],
    [{ AWS_DEFAULT_REGION: 'eu-west-1', AWS_REGION: 'eu-west-2' }, 'eu-west-2'],
    [{ AWS_DEFAULT_REGION: 'eu-west-1', AWS_REGION: '' }, 'eu-west-1'],
  ])('is the one that the AWS CLI takes: %j beside a profile with eu-central-1', async (env, region) => {
    const { AWS_REGION: _, AWS_DEFAULT_REGION: __, AWS_PROFILE: ___, ...rest } = before;
    process.env = { ...rest, AWS_CONFIG_FILE: config, ...env };

    expect(await targetWith().db.config.region()).toBe(region);
    expect(await targetWith('--region', 'us-west-2').db.config.region()).toBe('us-west-2');
    expect(await targetWith('--endpoint', 'http://127.0.0.1:4566').db.config.region()).toBe('us-east-1');
  });
});

describe('commands that are suggested', () => {
  it('go where this one went, as each program spells it', () => {
    const target = targetWith('--region', 'eu-west-1', '--profile', 'prod', '--env', 'prod');

    expect(suggested(target)).toEqual([
      'npx --no-install logistics errors --env prod --region eu-west-1 --profile prod',
      'aws sts get --region eu-west-1 --profile prod',
      'sam deploy --region eu-west-1 --profile prod',
    ]);
  });

  it('take no argument for an option: it stands last, behind --', () => {
    const { command } = targetWith('--env', 'prod');

    expect([command`redact ${'--event=victim'}`, command`correct ${'-x'} --void ${'--y'} --reason ${'a  b'}`]).toEqual([
      "npx --no-install logistics redact --env prod -- '--event=victim'",
      "npx --no-install logistics correct --void '--y' --reason 'a  b' --env prod -- '-x'",
    ]);
    expect(command`send ${'-'}`).toBe('npx --no-install logistics send - --env prod');
  });

  it('of AWS reach a local stack; SAM has no such option', () => {
    const endpoint = 'http://127.0.0.1:4566';

    expect(suggested(targetWith('--endpoint', endpoint))).toEqual([
      `npx --no-install logistics errors --endpoint ${endpoint}`,
      `aws sts get --endpoint-url ${endpoint}`,
      'sam deploy',
    ]);
  });

  it('repeat nothing that was not typed: the shell has it still', () => {
    process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:4566';
    try {
      expect(suggested(targetWith())).toEqual(['npx --no-install logistics errors', 'aws sts get', 'sam deploy']);
    } finally {
      delete process.env['AWS_ENDPOINT_URL'];
    }
  });
});

/** Names the settings of a profile that AWS's own addresses have. */
const CONFIG = '[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n';

describe('a local stack', () => {
  const before = { ...process.env };
  const asked: (string | undefined)[] = [];
  const server = createServer((request, answer) => {
    asked.push(request.headers.authorization);
    answer.end('{"TableNames":[]}');
  });
  const list = (...options: string[]) => targetWith(...options).db.send(new ListTablesCommand({}));
  let endpoint: string;

  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  afterEach(() => {
    process.env = { ...before };
    asked.splice(0);
  });

  it('is called with the key that was exported, whatever the profile and the settings for AWS', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'logistics-target-'));
    writeFileSync(path.join(folder, 'config'), CONFIG);
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'LOCAL1', AWS_SECRET_ACCESS_KEY: 'secret', AWS_PROFILE: 'absent' });
    Object.assign(process.env, { AWS_CONFIG_FILE: path.join(folder, 'config'), AWS_USE_FIPS_ENDPOINT: 'true' });
    await list('--endpoint', endpoint).finally(() => rmSync(folder, { recursive: true }));

    expect(asked).toEqual([expect.stringMatching(/Credential=LOCAL1\/\d+\/us-east-1\//)]);
  });

  it('is not called without a key, and the message says what to export', async () => {
    delete process.env['AWS_SECRET_ACCESS_KEY'];

    await expect(list('--endpoint', endpoint)).rejects.toThrow(
      'export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY as `npm start` prints them',
    );
    expect(asked).toEqual([]);
  });

  it('leaves these settings alone on AWS', async () => {
    process.env['AWS_USE_FIPS_ENDPOINT'] = 'true';

    expect(await targetWith('--region', 'us-east-1').db.config.useFipsEndpoint()).toBe(true);
  });

  it('is called at the address where it listens, also as localhost', async () => {
    const { endpoint: called } = targetWith('--endpoint', 'http://localhost:4566').db.config;

    expect(await called?.()).toMatchObject({ protocol: 'http:', hostname: '127.0.0.1', port: 4566 });
  });
});
