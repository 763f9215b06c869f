import { isDeepStrictEqual } from 'node:util';
import { toAttributes } from '../../../../src/adapters/attributes';
import { aShipmentEvent } from '../../../support/builders/events';
import { aRow } from '../../../support/builders/stream-records';
import { answers, inputsOf, inTurn } from '../mocked-aws';
import { run } from '../run';

const rowOf = (shipment_id: string) => toAttributes({ ...aRow(aShipmentEvent({ shipment_id })) });

/** The publisher's result, with the records from which it must be called again. */
const published = (...batchItemFailures: object[]) => ({ Payload: Buffer.from(JSON.stringify({ batchItemFailures })) });

beforeEach(() => {
  answers['GetItem'] = ({ Key: { shipment_id } }) => (shipment_id.S === 'NONE' ? {} : { Item: rowOf(shipment_id.S) });
  answers['Invoke'] = published();
});

const invoked = () =>
  inputsOf('Invoke').map(({ FunctionName, Qualifier, Payload }) => ({
    function: `${FunctionName}:${Qualifier}`,
    shipments: JSON.parse(Buffer.from(Payload).toString()).Records.map(
      (record: { dynamodb: { NewImage: { shipment_id: { S: string } } } }) => record.dynamodb.NewImage.shipment_id.S,
    ),
  }));

it('invokes the publisher with the rows of the shipments, and names those that do not exist', async () => {
  const { rows, exitCode } = await run('republish A NONE B --json');

  expect(invoked()).toEqual([{ function: 'logistics-status-publisher-dev:live', shipments: ['A', 'B'] }]);
  expect(rows.map(({ shipment_id, outcome }) => [shipment_id, outcome])).toEqual([
    ['A', 'published'],
    ['NONE', 'not found'],
    ['B', 'published'],
  ]);
  expect(exitCode).toBe(1);
});

it('queries each status from --since on, and publishes nothing in a dry run', async () => {
  const delivered = { ':status': { S: 'delivered' }, ':since': { N: '1772438400000' } };
  answers['Query'] = ({ ExpressionAttributeValues }) =>
    isDeepStrictEqual(ExpressionAttributeValues, delivered) ? { Items: [rowOf('A')] } : {};

  const { rows } = await run('republish --since 2026-03-02T08:00:00Z --dry-run --json');

  expect(rows).toEqual([expect.objectContaining({ shipment_id: 'A', outcome: 'would be published' })]);
  expect(invoked()).toEqual([]);
});

it('invokes the publisher again from the record that it reports as failed', async () => {
  answers['Invoke'] = inTurn(published({ itemIdentifier: '1' }), published());

  await run('republish A B C');

  expect(invoked().map(({ shipments }) => shipments)).toEqual([
    ['A', 'B', 'C'],
    ['B', 'C'],
  ]);
});
