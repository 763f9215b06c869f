import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  ListEventSourceMappingsCommand,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { deadLetterQueueName, functionName } from '../../contracts/functions';
import { STATUS_CHANGED } from '../../contracts/status-events';
import { TABLES } from '../../contracts/tables';
import { statusItemOf } from '../../publisher/shipment-records';
import { stringOf } from '../../src/adapters/attributes';
import type { JsonObject } from '../../src/domain/json';
import { type Claims, verdict } from './claim';
import { detailOf, inboxOf } from './inbox';
import { messageAbout } from './traces';
import type { Trial } from './trial';

const HISTORY = ['in_transit', 'out_for_delivery', 'failed', 'available_for_pickup', 'in_transit'] as const;

/** Index in the history of the change on which the run's own function fails. */
const FAILING = 2;

const PUBLISHER = 'status-publisher';

const eventId = (index: number, trial: Trial) => `${trial.prefix}change-${index}`;

/** Sends the changes of one shipment one by one, once for all claims. */
const sendHistory = (trial: Trial) =>
  trial.once('changes', async () => {
    // The inbox must receive the first change, too.
    await inboxOf(trial);
    const start = trial.target.now() - 60_000;
    for (const [index, status] of HISTORY.entries()) {
      const occurred_at = new Date(start + index * 1_000).toISOString();
      const detail = { status, occurred_at, event_id: eventId(index, trial), notify: false };
      const { shipment_id } = await trial.update('changes', detail);
      const isStored = async () =>
        stringOf(await statusItemOf(shipment_id, trial.target), 'event_id') === eventId(index, trial);
      await trial.need(3, isStored, `${status} did not reach the table in three minutes`);
    }
  });

/** Code of a function that reports one change as failed whenever it receives it. */
const codeFor = (failing: string) => `export const handler = async ({ Records }) => ({
  batchItemFailures: Records.filter(({ dynamodb }) => dynamodb.NewImage?.event_id?.S === ${JSON.stringify(failing)})
    .map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })),
});
`;

/** File mode of a file that all users may read, as Lambda's must be, in the upper half of a ZIP's attributes on Unix. */
const READABLE = { os: 3, attrs: 0o100644 * 2 ** 16 };

/** Creates a function with the publisher's role that reads the stream and fails on one change. @returns its name */
async function createFailingReader(trial: Trial): Promise<string> {
  const { db, lambda, name } = trial.target;
  const publisher = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: name(functionName(PUBLISHER)) }),
  );
  const { Table } = await db.send(new DescribeTableCommand({ TableName: name(TABLES.shipments.name) }));
  const FunctionName = trial.name('stream');
  trial.undo(`function ${FunctionName}`, () => lambda.send(new DeleteFunctionCommand({ FunctionName })));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: publisher.Role,
      Runtime: publisher.Runtime,
      Architectures: publisher.Architectures,
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ 'index.mjs': [strToU8(codeFor(eventId(FAILING, trial))), READABLE] }) },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 120, minDelay: 1, maxDelay: 5 }, { FunctionName });
  trial.undo(`event source mapping of ${FunctionName}`, async () => {
    const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
    for (const { UUID } of EventSourceMappings) await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  });
  const Pattern = JSON.stringify({ dynamodb: { Keys: { shipment_id: { S: [`${trial.prefix}changes`] } } } });
  await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName,
      EventSourceArn: Table?.LatestStreamArn,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 10,
      MaximumRetryAttempts: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FilterCriteria: { Filters: [{ Pattern }] },
      // The queue to which the role may send.
      DestinationConfig: { OnFailure: { Destination: trial.arn('sqs', name(deadLetterQueueName(PUBLISHER))) } },
    }),
  );
  return FunctionName;
}

export const stream: Claims = {
  'stream-changes': {
    sentence:
      "The stream has each change of a row once, with the row before and after: a shipment's published changes form one chain that ends with the table's version.",
    source: 'decision 28; DynamoDB developer guide, "Change data capture for DynamoDB Streams"',
    how: `${HISTORY.length} status updates of one shipment, one after another; the changes that the publisher puts on the bus`,
    needs: 'PublishStatusChanges',
    async try(trial) {
      await sendHistory(trial);
      const inbox = await inboxOf(trial);
      const isChange = (message: JsonObject) =>
        message['detail-type'] === STATUS_CHANGED.detailType &&
        String(detailOf(message)['shipment_id']) === `${trial.prefix}changes`;
      const published = await trial.until(3, async () => {
        const changes = (await inbox.read()).filter(isChange).map(detailOf);
        const byVersion = new Map(changes.map((change) => [String(change['version']), change]));
        return (
          byVersion.size >= HISTORY.length &&
          [...byVersion].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change)
        );
      });
      const chain = (published ?? []).map(({ previous_status, status }) => `${previous_status ?? 'none'} to ${status}`);
      const expected = HISTORY.map((status, index) => `${HISTORY[index - 1] ?? 'none'} to ${status}`);
      return verdict(chain.join() === expected.join(), chain.join(', ') || 'not all changes came in three minutes');
    },
  },
  'stream-partial-batch': {
    sentence:
      'Lambda retries a batch of the stream from the first failure that the function returns, and not the records before it.',
    source: 'decision 28; Lambda developer guide, "Configuring partial batch response with DynamoDB and Lambda"',
    how: "a function of the run's own, with the publisher's role, fails on the third of those changes; the record of the abandoned batch begins at the third",
    async try(trial) {
      await sendHistory(trial);
      const name = await createFailingReader(trial);
      const message = await messageAbout(name, PUBLISHER, trial, 8);
      if (!message) return verdict(false, 'no record of an abandoned batch in eight minutes');
      const { batchSize } = JSON.parse(String(message.event)).DDBStreamBatchInfo ?? {};
      return verdict(batchSize === HISTORY.length - FAILING, `abandoned: ${batchSize} of ${HISTORY.length} changes`);
    },
  },
};
