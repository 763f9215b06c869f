import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { contextOf, createProgram } from '../../../../cli/program';
import { temporaryFolder } from '../../../support/after-tests';
import { listening } from '../../../support/listening';

/** Target of a command line with these options. */
const targetWith = (...options: string[]) => {
  const program = createProgram([]).action(() => undefined);
  return contextOf(program.parse(options, { from: 'user' })).target;
};

const LOCAL = 'http://127.0.0.1:4566';

const before = process.env;

beforeEach(() => {
  const { AWS_REGION: _, AWS_DEFAULT_REGION: __, AWS_PROFILE: ___, ...rest } = before;
  process.env = rest;
});

afterAll(() => {
  process.env = before;
});

function configFile(text: string): string {
  const file = path.join(temporaryFolder('config'), 'config');
  writeFileSync(file, text);
  return file;
}

it.each([
  [{}, 'eu-central-1'],
  [{ AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-west-1'],
  [{ AWS_DEFAULT_REGION: 'eu-west-1', AWS_REGION: 'eu-west-2' }, 'eu-west-2'],
  [{ AWS_DEFAULT_REGION: 'eu-west-1', AWS_REGION: '' }, 'eu-west-1'],
])('the region is that of the AWS CLI, with %j and a profile with eu-central-1', async (env, region) => {
  Object.assign(process.env, env, { AWS_CONFIG_FILE: configFile('[default]\nregion = eu-central-1\n') });

  expect(await targetWith().db.config.region()).toBe(region);
  expect(await targetWith('--region', 'us-west-2').db.config.region()).toBe('us-west-2');
  expect(await targetWith('--endpoint', LOCAL).db.config.region()).toBe('us-east-1');
});

describe('suggested commands', () => {
  it.each([
    [
      ['--region', 'eu-west-1', '--profile', 'prod', '--env', 'prod'],
      [
        'npx --no-install logistics errors --env prod --region eu-west-1 --profile prod',
        'aws sts get --region eu-west-1 --profile prod',
        'sam deploy --region eu-west-1 --profile prod',
      ],
    ],
    // SAM has no option for the endpoint.
    [
      ['--endpoint', LOCAL],
      [`npx --no-install logistics errors --endpoint ${LOCAL}`, `aws sts get --endpoint-url ${LOCAL}`, 'sam deploy'],
    ],
    // Environment variables stay set in the shell.
    [[], ['npx --no-install logistics errors', 'aws sts get', 'sam deploy']],
  ])('have the target options %j, as each program spells them', (options, suggested) => {
    process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:9';
    const { command, aws, sam } = targetWith(...options);

    expect([command`errors`, aws`sts get`, sam`deploy`]).toEqual(suggested);
  });

  it('have an argument that begins with - last, after --', () => {
    const { command } = targetWith('--env', 'prod');

    expect([command`redact ${'--event=victim'}`, command`correct ${'-x'} --void ${'--y'} --reason ${'a  b'}`]).toEqual([
      "npx --no-install logistics redact --env prod -- '--event=victim'",
      "npx --no-install logistics correct --void '--y' --reason 'a  b' --env prod -- '-x'",
    ]);
    expect(command`send ${'-'}`).toBe('npx --no-install logistics send - --env prod');
  });
});

describe('a local stack', () => {
  it('is called with the exported key, whatever the profile and the AWS settings', async () => {
    const authorizations: (string | undefined)[] = [];
    const server = createServer((request, answer) => {
      authorizations.push(request.headers.authorization);
      answer.end('{"TableNames":[]}');
    });
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'LOCAL1',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_PROFILE: 'absent',
      AWS_CONFIG_FILE: configFile('[default]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n'),
      AWS_USE_FIPS_ENDPOINT: 'true',
    });

    await targetWith('--endpoint', await listening(server)).db.send(new ListTablesCommand({}));

    expect(authorizations).toEqual([expect.stringMatching(/Credential=LOCAL1\/\d+\/us-east-1\//)]);
    // For AWS these settings stay in effect.
    expect(await targetWith('--region', 'us-east-1').db.config.useFipsEndpoint()).toBe(true);
  });

  it('is not called without a key, and the error names the variables to export', async () => {
    delete process.env['AWS_SECRET_ACCESS_KEY'];

    await expect(targetWith('--endpoint', LOCAL).db.config.credentials()).rejects.toThrow(
      'export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY as `npm start` prints them',
    );
  });

  it('is called at 127.0.0.1 for localhost, without AWS_CA_BUNDLE', async () => {
    process.env['AWS_CA_BUNDLE'] = '/absent.pem';
    const { endpoint } = targetWith('--endpoint', 'http://localhost:4566').db.config;

    expect(await endpoint?.()).toMatchObject({ protocol: 'http:', hostname: '127.0.0.1', port: 4566 });
  });
});
