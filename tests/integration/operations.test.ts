import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DeleteItemCommand, ListBackupsCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { APPLICATION, inEnvironment } from '../../contracts/names';
import { TABLES } from '../../contracts/tables';
import { deployBuilt, ENVIRONMENT } from '../../local/deploy';
import { CREDENTIALS, localEnvironment, REGION } from '../../local/environment';
import { type Row, takeSnapshot } from '../../local/snapshot';
import type { LocalStack } from '../../local/stack';
import { temporaryFolder } from '../after-tests';
import { importAgain, logistics, openShell, typed } from '../operator';
import { runbookBlocks } from '../runbook-blocks';
import { startStack } from '../stack';
import { until } from '../until';
import { settingsOf } from './table-settings';

let stack: LocalStack;
const folder = temporaryFolder('operations');

beforeAll(async () => {
  stack = await startStack();
}, 120_000);

/** The operator's command as one types it: its results, and what it said. */
async function operate(...args: string[]) {
  const { code, stdout, stderr } = await logistics(stack.endpoint, [...args, '--json']);
  if (code !== 0) throw new Error(stderr);
  const results = stdout.split('\n').filter(Boolean);
  return { results: results.map((line) => JSON.parse(line)), said: stderr };
}

/** A shell as an operator has it open. */
const opened = () => openShell(stack.endpoint, folder);

const deploy = (...options: string[]) => deployBuilt(stack.build, localEnvironment(stack.endpoint), options);

const client = () => new CloudFormationClient({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
const StackName = inEnvironment(APPLICATION, ENVIRONMENT);

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

  describe('after rows were damaged by hand', () => {
    const [table = '', beside = '', row = '', pause = '', backup = '', inItsPlace = '', ...rest] =
      runbookBlocks('Back to yesterday');
    const [protection = '', ttl = '', goOn = '', replay = '', cleanUp = ''] = rest;
    const TableName = inEnvironment(TABLES.shipmentEvents.name, ENVIRONMENT);

    const send = (event_id: string, status: string, occurred_at: string, shipment_id = 'SHP-7') =>
      stack.send({
        source: 'logistics.shipment',
        'detail-type': 'Shipment Status Updated',
        time: occurred_at,
        detail: { shipment_id, event_id, status, occurred_at },
      });

    /** Rows by their keys' order, without the smoke test's. */
    async function rows() {
      const { log, shipments } = await takeSnapshot(stack);
      const ours = (all: readonly Row[], key: string) =>
        all
          .filter(({ shipment_id }) => shipment_id !== 'SMOKE-TEST')
          .sort((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1));
      return { log: ours(log, 'event_id'), shipments: ours(shipments, 'shipment_id') };
    }

    const logHas = (count: number) => until(async () => (await rows()).log.length === count);

    const told = async () =>
      (await takeSnapshot(stack)).notifications.processing.filter(({ Subject }) =>
        Subject.endsWith('SHP-7: delivered'),
      );

    it('is back to yesterday by what the runbook has, and a replay brings what came since', async () => {
      await send('nordfreight-918273', 'in_transit', '2026-03-03T09:12:07Z');
      await send('nordfreight-918274', 'out_for_delivery', '2026-03-03T09:40:00Z');
      await logHas(2);
      const [yesterday, { schema }] = [await rows(), await settingsOf(stack.db, TableName)];
      const shell = opened();

      await shell.type(table);
      // The embedded AWS restores what there is now: the damage comes after.
      await shell.type(beside);
      await send('nordfreight-918275', 'delivered', '2026-03-03T11:00:00Z');
      await until(async () => (await told()).length === 1);
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
      expect(await settingsOf(stack.db, TableName)).toMatchObject({
        schema,
        isProtected: false,
        restorable: 'ENABLED',
      });

      await shell.type(protection);
      await shell.type(goOn);
      expect(await shell.type(replay)).toContain('COMPLETED');
      await logHas(4);
      await until(async () => (await told()).length === 2);
      const mended = await rows();
      expect(mended.log).toEqual(expect.arrayContaining(yesterday.log));
      expect(mended.shipments).toMatchObject([{ status: 'delivered' }, { shipment_id: 'SHP-8', status: 'in_transit' }]);

      await shell.type(replay);
      await operate('smoke');
      await shell.type(cleanUp);
      expect(await rows()).toEqual(mended);
      expect(await told()).toHaveLength(2);
      expect(await settingsOf(stack.db, TableName)).toMatchObject({ isProtected: true });
      expect((await stack.db.send(new ListTablesCommand({}))).TableNames).not.toContain(`${TableName}-restored`);
      expect((await stack.db.send(new ListBackupsCommand({}))).BackupSummaries).toEqual([]);
    }, 180_000);

    it('has the error table back with its TTL', async () => {
      const name = inEnvironment(TABLES.errorEvents.name, ENVIRONMENT);
      const expires = { AttributeName: TABLES.errorEvents.ttl, TimeToLiveStatus: 'ENABLED' };
      const shell = opened();

      await shell.type(table.replace(TableName, name));
      await shell.type(ttl);
      expect(await settingsOf(stack.db, name)).toMatchObject({ expires });
      for (const block of [beside, backup, inItsPlace]) await shell.type(block);
      expect((await settingsOf(stack.db, name)).expires).toEqual({ TimeToLiveStatus: 'DISABLED' });
      await shell.type(ttl);
      await shell.type(cleanUp);

      expect(await settingsOf(stack.db, name)).toMatchObject({ expires });
    }, 60_000);
  });

  it('is torn down, and its tables are imported and deployed again with all that they held', async () => {
    const before = await takeSnapshot(stack);

    const { results, said } = await operate('teardown', '--yes');
    await expect(client().send(new DescribeStacksCommand({ StackName }))).rejects.toThrow(/does not exist/);
    await importAgain(stack.endpoint, said);
    await deploy();
    await operate('smoke');

    const { log } = await takeSnapshot(stack);
    expect(results.filter(({ fate }) => fate === 'stays')).toHaveLength(4);
    expect(log).toHaveLength(before.log.length + 1);
    expect(log).toEqual(expect.arrayContaining([...before.log]));
  }, 180_000);
});
