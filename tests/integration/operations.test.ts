import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  waitUntilChangeSetCreateComplete,
  waitUntilStackImportComplete,
} from '@aws-sdk/client-cloudformation';
import { APPLICATION, inEnvironment } from '../../contracts/names';
import { ENVIRONMENT, runSam } from '../../local/deploy';
import { CREDENTIALS, localEnvironment, REGION } from '../../local/environment';
import { takeSnapshot } from '../../local/snapshot';
import { type LocalStack, startLocalStack } from '../../local/stack';
import { logistics } from '../operator';

let stack: LocalStack;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  stack = await startLocalStack(
    0,
    () => undefined,
    (stop) => stops.push(stop),
  );
}, 120_000);

afterAll(() => Promise.all(stops.map((stop) => stop())), 20_000);

/** The operator's command as one types it: its results, and what it said. */
async function operate(...args: string[]) {
  const { code, stdout, stderr } = await logistics(stack.endpoint, [...args, '--json']);
  if (code !== 0) throw new Error(stderr);
  const results = stdout.split('\n').filter(Boolean);
  return { results: results.map((line) => JSON.parse(line)), said: stderr };
}

/** `sam deploy` of what is built already. */
const deploy = (...options: string[]) => {
  const built = ['--template-file', path.join(stack.build, 'template.yaml')];
  const config = ['--config-file', path.resolve('samconfig.toml')];
  return runSam(['deploy', ...built, ...config, ...options], localEnvironment(stack.endpoint));
};

const client = () => new CloudFormationClient({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
const StackName = inEnvironment(APPLICATION, ENVIRONMENT);

/** Does what the commands do that teardown shows. */
async function importAgain(shown: string): Promise<void> {
  const [, resources = '[]'] = /--resources-to-import '([^']+)'/.exec(shown) ?? [];
  const cloudFormation = client();
  const named = { StackName, ChangeSetName: 'import' };
  await cloudFormation.send(
    new CreateChangeSetCommand({
      ...named,
      ChangeSetType: 'IMPORT',
      TemplateBody: readFileSync('import-template.json', 'utf8'),
      ResourcesToImport: JSON.parse(resources),
      Parameters: [{ ParameterKey: 'EnvironmentSuffix', ParameterValue: ENVIRONMENT }],
    }),
  );
  const patience = { client: cloudFormation, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
  await waitUntilChangeSetCreateComplete(patience, named);
  await cloudFormation.send(new ExecuteChangeSetCommand(named));
  await waitUntilStackImportComplete(patience, { StackName });
}

describe('the deployed stack', () => {
  it('passes the smoke test, again and again, and nobody is told', async () => {
    for (let run = 0; run < 2; run++) {
      const { results } = await operate('smoke');
      expect(results).toEqual([expect.objectContaining({ shipment: 'SMOKE-TEST', event_id: expect.any(String) })]);
    }

    const { log, shipments, notifications } = await takeSnapshot(stack);

    expect(log.map(({ shipment_id }) => shipment_id)).toEqual(['SMOKE-TEST', 'SMOKE-TEST']);
    expect(shipments).toHaveLength(1);
    expect(notifications).toEqual({ alerts: [], processing: [] });
  }, 60_000);

  it('keeps a parameter that a deployment leaves out, and takes what is given once', async () => {
    await deploy('--parameter-overrides', 'AlertEmail=ops@example.com');
    await deploy();

    const { Stacks } = await client().send(new DescribeStacksCommand({ StackName }));

    const values = new Map(
      Stacks?.[0]?.Parameters?.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
    );
    expect(values.get('AlertEmail')).toBe('ops@example.com');
    expect(values.get('ShipmentProcessorConcurrency')).toBe('0');
  }, 120_000);

  it('is torn down, and its tables are imported and deployed again with all that they held', async () => {
    const before = await takeSnapshot(stack);

    const { results, said } = await operate('teardown', '--yes');
    await expect(client().send(new DescribeStacksCommand({ StackName }))).rejects.toThrow(/does not exist/);
    await importAgain(said);
    await deploy();
    await operate('smoke');

    const { log } = await takeSnapshot(stack);
    expect(results.filter(({ fate }) => fate === 'stays')).toHaveLength(4);
    expect(log).toHaveLength(before.log.length + 1);
    expect(log).toEqual(expect.arrayContaining([...before.log]));
  }, 180_000);
});
