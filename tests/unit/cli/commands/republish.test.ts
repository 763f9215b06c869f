import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { register } from '../../../../cli/commands/republish';
import { toAttributes } from '../../../../src/adapters/attributes';
import { aShipmentEvent } from '../../../support/builders/events';
import { aRow } from '../../../support/builders/stream-records';
import { db, lambda } from '../mocked-aws';
import { jsonLines, run } from '../run';

const rowOf = (shipment_id: string) => toAttributes({ ...aRow(aShipmentEvent({ shipment_id })) });

const answers = (answer: object) => ({ Payload: Buffer.from(JSON.stringify(answer)) as never });
const failsFrom = (position: string) => answers({ batchItemFailures: [{ itemIdentifier: position }] });

beforeEach(() => {
  db.on(GetItemCommand).callsFake(({ Key }) =>
    Key.shipment_id.S === 'NONE' ? {} : { Item: rowOf(Key.shipment_id.S) },
  );
  lambda.on(InvokeCommand).resolves(answers({ batchItemFailures: [] }));
});

const invoked = () =>
  lambda.commandCalls(InvokeCommand).map(({ args: [{ input }] }) => ({
    function: `${input.FunctionName}:${input.Qualifier}`,
    shipments: JSON.parse(Buffer.from(input.Payload as Uint8Array).toString()).Records.map(
      (record: { dynamodb: { NewImage: { shipment_id: { S: string } } } }) => record.dynamodb.NewImage.shipment_id.S,
    ),
  }));

describe('republish', () => {
  it('has the function publish the rows of these shipments, and names those that are not there', async () => {
    const { stdout, exitCode } = await run(register, 'republish', 'A', 'NONE', 'B', '--json');

    expect(invoked()).toEqual([{ function: 'logistics-status-publisher-dev:live', shipments: ['A', 'B'] }]);
    expect(jsonLines(stdout).map(({ shipment_id, outcome }) => [shipment_id, outcome])).toEqual([
      ['A', 'published'],
      ['NONE', 'not found'],
      ['B', 'published'],
    ]);
    expect(exitCode).toBe(1);
  });

  it('reads of each status what is not older than --since, and publishes nothing in a dry run', async () => {
    db.on(QueryCommand)
      .resolves({ Items: [] })
      .on(QueryCommand, {
        ExpressionAttributeValues: { ':status': { S: 'delivered' }, ':since': { N: '1772438400000' } },
      })
      .resolves({ Items: [rowOf('A')] });

    const { stdout } = await run(register, 'republish', '--since', '2026-03-02T08:00:00Z', '--dry-run', '--json');

    expect(jsonLines(stdout)).toEqual([expect.objectContaining({ shipment_id: 'A', outcome: 'would be published' })]);
    expect(invoked()).toEqual([]);
  });

  it('asks again from where the function says', async () => {
    lambda
      .on(InvokeCommand)
      .resolvesOnce(failsFrom('1'))
      .resolves(answers({ batchItemFailures: [] }));

    await run(register, 'republish', 'A', 'B', 'C');

    expect(invoked().map(({ shipments }) => shipments)).toEqual([
      ['A', 'B', 'C'],
      ['B', 'C'],
    ]);
  });

  it.each([[[]], [['A', '--since', '1h']]])('takes either ids or --since (%j)', async (args) => {
    await expect(run(register, 'republish', ...args)).rejects.toThrow('either the ids of shipments or --since');
  });
});
