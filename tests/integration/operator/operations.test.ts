/** The life of an environment, by the commands that documents and the operator's command show. Each test begins with the stack that the one before leaves. */
import {
  CloudFormationClient,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteItemCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListBackupsCommand,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { marshall } from '@aws-sdk/util-dynamodb';
import { FUNCTION_KEYS, functionName, QUEUED_FUNCTION_KEYS } from '../../../contracts/functions';
import { APPLICATION, inEnvironment, SMOKE_PREFIX } from '../../../contracts/names';
import { TABLES } from '../../../contracts/tables';
import { until } from '../../../lib/until.mjs';
import { ENVIRONMENT } from '../../../local/deploy';
import { CREDENTIALS, REGION } from '../../../local/environment';
import { type Row, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { DATA_KEY_ID } from '../../../template-src/storage/data-key';
import { temporaryFolder } from '../../support/after-tests';
import { anUpdate } from '../../support/builders/events';
import { updateStack } from '../../support/create-stack';
import { jsonLines } from '../../support/json-lines';
import { noticesIn } from '../../support/notices';
import { importAgain, logistics, openShell, typed } from '../../support/operator';
import { runbookBlocks } from '../../support/runbook-blocks';
import { startStack } from '../../support/stack';

let stack: LocalStack;
const folder = temporaryFolder('operations');

beforeAll(async () => {
  stack = await startStack();
}, 120_000);

/** Runs the operator's command; returns its results, and stderr. */
async function operate(...args: string[]) {
  const { code, stdout, stderr } = await logistics(stack.endpoint, [...args, '--json']);
  if (code !== 0) throw new Error(stderr);
  return { results: jsonLines(stdout), stderr };
}

const operatorShell = () => openShell(stack.endpoint, folder);

const deploy = (override: string) => updateStack(stack.endpoint, override);

const settings = () => ({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
const client = () => new CloudFormationClient(settings());
const kms = () => new KMSClient(settings());
const StackName = inEnvironment(APPLICATION, ENVIRONMENT);

async function settingsOf(TableName: string) {
  const [{ Table }, { TimeToLiveDescription }, { ContinuousBackupsDescription }] = await Promise.all([
    stack.db.send(new DescribeTableCommand({ TableName })),
    stack.db.send(new DescribeTimeToLiveCommand({ TableName })),
    stack.db.send(new DescribeContinuousBackupsCommand({ TableName })),
  ]);
  const indexes = Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => [
    IndexName,
    KeySchema,
    Projection,
  ]);
  return {
    schema: [Table?.KeySchema, Table?.AttributeDefinitions, Table?.BillingModeSummary?.BillingMode, indexes],
    isProtected: Table?.DeletionProtectionEnabled,
    restorable: ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
    expires: TimeToLiveDescription,
  };
}

/** The id of the stack's key for data. */
async function dataKey(): Promise<string> {
  const { StackResourceDetail } = await client().send(
    new DescribeStackResourceCommand({ StackName, LogicalResourceId: DATA_KEY_ID }),
  );
  return StackResourceDetail?.PhysicalResourceId ?? '';
}

/** Id or alias of a key in its ARN. */
const nameIn = (arn = '') => arn.replace(/^.*:(key\/)?/, '');

/** Keys that encrypt the tables and the functions' logs, each once. The embedded AWS stores them, but does not check permissions on them. */
async function keysInUse(): Promise<{ tables: string[]; logs: string[] }> {
  const names = Object.values(TABLES).map(({ name }) => inEnvironment(name, ENVIRONMENT));
  const described = await Promise.all(names.map((TableName) => stack.db.send(new DescribeTableCommand({ TableName }))));
  const { logGroups = [] } = await new CloudWatchLogsClient(settings()).send(new DescribeLogGroupsCommand({}));
  const logKeys = FUNCTION_KEYS.map((key) => `/aws/lambda/${inEnvironment(functionName(key), ENVIRONMENT)}`).map(
    (name) => logGroups.find(({ logGroupName }) => logGroupName === name)?.kmsKeyId,
  );
  return {
    tables: [...new Set(described.map(({ Table }) => nameIn(Table?.SSEDescription?.KMSMasterKeyArn)))],
    logs: [...new Set(logKeys.map(nameIn))],
  };
}

async function stateOf(KeyId: string): Promise<string | undefined> {
  const { KeyMetadata } = await kms().send(new DescribeKeyCommand({ KeyId }));
  return KeyMetadata?.KeyState;
}

/** Shipments of the smoke test. */
const SMOKES = new RegExp(`^${SMOKE_PREFIX}`);

describe('the deployed stack', () => {
  it('passes the smoke test, without a notification', async () => {
    const [smoked] = (await operate('smoke')).results;

    const { log, shipments, notifications } = await takeSnapshot(stack);

    expect(smoked).toMatchObject({ shipment: expect.stringMatching(SMOKES), published_after_ms: expect.any(Number) });
    expect(log).toMatchObject([{ shipment_id: smoked?.['shipment'], metadata: { smoke: true } }]);
    expect(shipments).toMatchObject([{ status: 'cancelled' }]);
    expect(notifications).toEqual({ alerts: [], processing: [] });
  }, 60_000);

  describe('after rows were damaged by hand', () => {
    const [table = '', beside = '', row = '', pause = '', backup = '', inItsPlace = '', ...rest] =
      runbookBlocks('Back to yesterday');
    const [protection = '', ttl = '', goOn = '', replay = '', cleanUp = ''] = rest;
    const TableName = inEnvironment(TABLES.shipmentEvents.name, ENVIRONMENT);

    const send = (event_id: string, status: string, occurred_at: string, shipment_id = 'SHP-7') =>
      stack.send(anUpdate({ shipment_id, event_id, status, occurred_at }));

    /** Rows in the order of their keys, without the smoke tests. */
    async function rows() {
      const { log, shipments } = await takeSnapshot(stack);
      const ours = (rows: readonly Row[], key: string) =>
        rows
          .filter(({ shipment_id }) => !SMOKES.test(String(shipment_id)))
          .sort((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1));
      return { log: ours(log, 'event_id'), shipments: ours(shipments, 'shipment_id') };
    }

    const logHas = (count: number) => until(async () => (await rows()).log.length === count);

    const notified = async () => noticesIn(await takeSnapshot(stack)).filter((notice) => notice === 'SHP-7 delivered');

    it('is back to yesterday after the runbook’s commands, and a replay records the events since then', async () => {
      await send('nordfreight-918273', 'in_transit', '2026-03-03T09:12:07Z');
      await send('nordfreight-918274', 'out_for_delivery', '2026-03-03T09:40:00Z');
      await logHas(2);
      const [yesterday, { schema }] = [await rows(), await settingsOf(TableName)];
      const shell = operatorShell();

      await shell.type(table);
      // The embedded AWS restores the present rows, so the damage comes after this.
      await shell.type(beside);
      await send('nordfreight-918275', 'delivered', '2026-03-03T11:00:00Z');
      await until(async () => (await notified()).length === 1);
      for (const { event_id, timestamp } of yesterday.log)
        await stack.db.send(new DeleteItemCommand({ TableName, Key: marshall({ event_id, timestamp }) }));
      await shell.type(row);
      expect((await rows()).log).toEqual([yesterday.log[0], expect.objectContaining({ status: 'delivered' })]);

      await shell.type(pause);
      await send('meanwhile', 'in_transit', '2026-03-03T12:00:00Z', 'SHP-8');
      await shell.type(backup);
      await shell.type(protection);
      const unprepared = await typed(stack.endpoint, `aws dynamodb delete-table --table-name ${TableName}`);
      expect(unprepared).toMatchObject({ code: 254, stderr: expect.stringContaining('protected against deletion') });
      await shell.type(inItsPlace);
      const paused = await rows();
      expect(paused.log).toEqual(yesterday.log);
      expect(paused.shipments).toMatchObject([{ shipment_id: 'SHP-7' }]);
      expect(await settingsOf(TableName)).toMatchObject({
        schema,
        isProtected: false,
        restorable: 'ENABLED',
      });

      await shell.type(protection);
      await shell.type(ttl);
      await shell.type(goOn);
      expect(await shell.type(replay)).toContain('COMPLETED');
      await logHas(4);
      await until(async () => (await notified()).length === 2);
      const restored = await rows();
      expect(restored.log).toEqual(expect.arrayContaining(yesterday.log));
      expect(restored.shipments).toMatchObject([
        { status: 'delivered' },
        { shipment_id: 'SHP-8', status: 'in_transit' },
      ]);

      await shell.type(replay);
      await operate('smoke');
      await shell.type(cleanUp);
      expect(await rows()).toEqual(restored);
      expect(await notified()).toHaveLength(2);
      expect(await settingsOf(TableName)).toMatchObject({
        isProtected: true,
        expires: { TimeToLiveStatus: 'ENABLED' },
      });
      expect((await stack.db.send(new ListTablesCommand({}))).TableNames).not.toContain(`${TableName}-restored`);
      expect((await stack.db.send(new ListBackupsCommand({}))).BackupSummaries).toEqual([]);
    }, 180_000);
  });

  it('encrypts tables and logs with its own key after a deployment with EncryptWithOwnKey', async () => {
    const { logs } = await keysInUse();

    await deploy('EncryptWithOwnKey=true');

    const key = await dataKey();
    expect([logs, await keysInUse()]).toEqual([[''], { tables: [key], logs: [key] }]);
    await operate('smoke');
    const { stdout } = await logistics(stack.endpoint, ['doctor']);
    expect(stdout).toMatch(new RegExp(`all 3 can be used, encrypted with \\S+${key} `));
  }, 120_000);

  describe('with an event that waits for an operator', () => {
    /** Key of the first stack. */
    let first = '';

    /** In whole seconds, as in an envelope: a replay from a later moment of the second would leave the event out. */
    const at = () => `${new Date().toISOString().slice(0, 19)}Z`;

    /** Events of each shipment in the log. */
    const logOf = async (id: string) => (await takeSnapshot(stack)).log.filter(({ shipment_id }) => shipment_id === id);

    /** Events that wait, by queue; empty queues are left out. */
    async function waiting(...options: string[]) {
      const { results } = await operate('queues', ...options);
      return Object.fromEntries(
        results.flatMap(({ queue, waiting }) => (Number(waiting) > 0 ? [[queue, waiting]] : [])),
      );
    }

    const send = (shipment_id: string, detailType = 'Shipment Status Updated', time = at()) =>
      stack.send({ ...anUpdate({ shipment_id, status: 'in_transit' }, time), 'detail-type': detailType });

    beforeAll(async () => {
      // Long before the replay below, which leaves it out.
      await send('SHP-9', 'Mistyped', '2026-03-04T09:00:00Z');
      await until(async () => (await waiting())['unrouted'] === 1);
    });

    it('is imported with its data after a teardown, deployed with another key, and brought up to date by a replay', async () => {
      const before = await takeSnapshot(stack);
      first = await dataKey();
      const from = at();

      const { results, stderr } = await operate('teardown', '--yes');
      await expect(client().send(new DescribeStacksCommand({ StackName }))).rejects.toThrow(/does not exist/);
      await send('SHP-10');
      await importAgain(stack.endpoint, stderr);
      const imported = await keysInUse();
      await deploy('EncryptWithOwnKey=true');
      await operate('smoke');
      const [meanwhile, { log }] = [await logOf('SHP-10'), await takeSnapshot(stack)];
      await operate('replay', '--from', from, '--wait');

      // Three tables, two keys, bus, archive, the unrouted queue, and a dead-letter queue of each function.
      expect(results.filter(({ fate }) => fate === 'stays')).toHaveLength(8 + QUEUED_FUNCTION_KEYS.length);
      expect(stderr).toContain('1 events wait in the queues, which stay');
      expect(log).toHaveLength(before.log.length + 1);
      expect(log).toEqual(expect.arrayContaining([...before.log]));
      expect(await waiting()).toEqual({ unrouted: 1 });
      expect(meanwhile).toEqual([]);
      await until(async () => (await logOf('SHP-10')).length === 1);
      const second = await dataKey();
      expect(imported.tables).toEqual([first]);
      expect(second).not.toBe(first);
      expect((await keysInUse()).tables).toEqual([second]);
      expect(await stateOf(first)).toBe('Enabled');
    }, 180_000);

    it('keeps its key when EncryptWithOwnKey is turned off, for the data that it has encrypted', async () => {
      const key = await dataKey();

      await deploy('EncryptWithOwnKey=false');

      expect(await keysInUse()).toEqual({ tables: ['alias/aws/dynamodb'], logs: [''] });
      expect(await stateOf(key)).toBe('Enabled');
      await operate('smoke');
    }, 120_000);

    it('cancels the deletion of a key and deletes an unused one, by the runbook’s commands', async () => {
      const follow = async (heading: string) => {
        const [block = '', ...others] = runbookBlocks(heading);
        expect(others).toEqual([]);
        await operatorShell().type(block.replaceAll('{key}', first).replaceAll('{account}', '000000000000'));
        return stateOf(first);
      };
      await kms().send(new ScheduleKeyDeletionCommand({ KeyId: first }));

      expect(await stateOf(first)).toBe('PendingDeletion');
      expect(await follow('A table cannot be used')).toBe('Enabled');
      expect(await follow('A key that nothing needs any more')).toBe('PendingDeletion');
    }, 60_000);

    it('has its queues and its archive again after it was renamed and went back by the runbook’s commands', async () => {
      await deploy('EnvironmentSuffix=renamed');
      const renamed = [await waiting(), await waiting('--env', 'renamed')];

      const [goBack = ''] = runbookBlocks('I renamed the environment');
      const shell = operatorShell();
      await shell.type(goBack);
      await importAgain(stack.endpoint, (await operate('teardown')).stderr);
      await deploy('EnvironmentSuffix=dev');
      await operate('smoke');
      for (const block of runbookBlocks('An environment that nothing needs any more'))
        await shell.type(block.replaceAll('-dev', '-renamed'));

      expect(renamed).toEqual([{ unrouted: 1 }, {}]);
      expect(await waiting()).toEqual({ unrouted: 1 });
      expect(await logOf('SHP-10')).toHaveLength(1);
      expect((await operate('teardown', '--env', 'renamed')).stderr).toContain('nothing of it is left');
    }, 180_000);
  });
});
