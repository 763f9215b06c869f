/**
 * `EncryptWithOwnKey` turned on and off again under a running stack. The embedded AWS keeps which key encrypts a table or a log, but refuses
 * caller without permission, and knows no key of a function's variables.
 */
import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { FUNCTION_KEYS, functionName } from '../../../contracts/functions';
import { APPLICATION, inEnvironment } from '../../../contracts/names';
import { TABLES } from '../../../contracts/tables';
import { deployBuilt, ENVIRONMENT } from '../../../local/deploy';
import { CREDENTIALS, localEnvironment, REGION } from '../../../local/environment';
import type { LocalStack } from '../../../local/stack';
import { DATA_KEY_ID } from '../../../template-src/storage/data-key';
import { importAgain, logistics, typed } from '../../support/operator';
import { runbookBlocks } from '../../support/runbook-blocks';
import { startStack } from '../../support/stack';

const AWS_KEY = 'alias/aws/dynamodb';

let stack: LocalStack;

beforeAll(async () => {
  stack = await startStack();
}, 120_000);

const deployWith = (value: 'true' | 'false') =>
  deployBuilt(stack.build, localEnvironment(stack.endpoint), ['--parameter-overrides', `EncryptWithOwnKey=${value}`]);

/** The id of the stack's key for data. */
async function dataKey(): Promise<string | undefined> {
  const client = new CloudFormationClient({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
  const { StackResourceDetail } = await client.send(
    new DescribeStackResourceCommand({
      StackName: inEnvironment(APPLICATION, ENVIRONMENT),
      LogicalResourceId: DATA_KEY_ID,
    }),
  );
  return StackResourceDetail?.PhysicalResourceId;
}

/** The last part of an ARN. */
const nameIn = (arn = '') => arn.replace(/^.*:(key\/)?/, '');

async function keysOfTables(): Promise<string[]> {
  const names = Object.values(TABLES).map(({ name }) => inEnvironment(name, ENVIRONMENT));
  const described = await Promise.all(names.map((TableName) => stack.db.send(new DescribeTableCommand({ TableName }))));
  return described.map(({ Table }) => nameIn(Table?.SSEDescription?.KMSMasterKeyArn));
}

async function keysOfLogs(): Promise<string[]> {
  const { stdout } = await typed(stack.endpoint, 'aws logs describe-log-groups');
  const groups = new Map<string, string | undefined>(
    JSON.parse(stdout).logGroups.map((group: Record<string, string>) => [group['logGroupName'], group['kmsKeyId']]),
  );
  return FUNCTION_KEYS.map((key) => nameIn(groups.get(`/aws/lambda/${inEnvironment(functionName(key), ENVIRONMENT)}`)));
}

const ofEachFunction = (value: string) => FUNCTION_KEYS.map(() => value);

async function stateOf(key: string): Promise<string> {
  const { stdout } = await typed(stack.endpoint, `aws kms describe-key --key-id ${key}`);
  return JSON.parse(stdout).KeyMetadata.KeyState;
}

/** Types a block of the runbook about a key. */
async function followRunbook(heading: string, key: string): Promise<void> {
  const [block = '', ...others] = runbookBlocks(heading);
  const line = block.replaceAll('{key}', key).replaceAll('{account}', '000000000000');
  const { code, stderr } = await typed(stack.endpoint, `set -e\n${line}`);
  expect({ code, stderr, others }).toEqual({ code: 0, stderr: '', others: [] });
}

const operate = (...args: string[]) => logistics(stack.endpoint, args);

let first = '';

describe('the stack’s own key for data', () => {
  it('encrypts tables and logs from the deployment on that turns it on', async () => {
    const before = await keysOfLogs();

    await deployWith('true');

    first = (await dataKey()) ?? '';
    const [smoke, doctor] = [await operate('smoke'), await operate('doctor')];
    expect(before).toEqual(ofEachFunction(''));
    expect([await keysOfTables(), await keysOfLogs()]).toEqual([Array(3).fill(first), ofEachFunction(first)]);
    expect(smoke.code).toBe(0);
    expect(doctor.stdout).toMatch(new RegExp(`all 3 can be used, encrypted with \\S+${first} `));
  }, 120_000);

  it('outlives its stack, and the tables, imported again, have the new stack’s key', async () => {
    const { stderr } = await operate('teardown', '--yes');
    await importAgain(stack.endpoint, stderr);
    const imported = await keysOfTables();
    await deployWith('true');

    const second = await dataKey();
    expect(imported).toEqual(Array(3).fill(first));
    expect(second).not.toBe(first);
    expect(await keysOfTables()).toEqual(Array(3).fill(second));
    expect(await stateOf(first)).toBe('Enabled');
    expect((await operate('smoke')).code).toBe(0);
  }, 120_000);

  it('stays when it is turned off, for what it has encrypted', async () => {
    const key = (await dataKey()) ?? '';

    await deployWith('false');

    expect([await keysOfTables(), await keysOfLogs()]).toEqual([Array(3).fill(AWS_KEY), ofEachFunction('')]);
    expect(await stateOf(key)).toBe('Enabled');
    expect((await operate('smoke')).code).toBe(0);
  }, 120_000);

  it('is taken back from its deletion by what the runbook has, and deleted when nothing needs it any more', async () => {
    await typed(stack.endpoint, `aws kms schedule-key-deletion --key-id ${first}`);
    const states = [await stateOf(first)];

    await followRunbook('A table cannot be used', first);
    states.push(await stateOf(first));
    await followRunbook('A key that nothing needs any more', first);
    states.push(await stateOf(first));

    expect(states).toEqual(['PendingDeletion', 'Enabled', 'PendingDeletion']);
  }, 60_000);
});
