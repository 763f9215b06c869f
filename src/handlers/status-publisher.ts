import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { functionName } from '../../contracts/functions';
import { inEnvironment } from '../../contracts/names';
import { ENTRIES_A_CALL } from '../../contracts/put-events';
import { STATUS_CHANGED } from '../../contracts/status-events';
import { isStatus } from '../../contracts/statuses';
import { stringOf } from '../adapters/attributes';
import { announceOn } from '../adapters/error-bus';
import { errorTable } from '../adapters/error-table';
import { putEntries } from '../adapters/put-entries';
import { readShipmentRow } from '../adapters/shipments';
import { publishChanges, type RowChange } from '../application/publish-changes';
import { recordFailure } from '../application/record-failure';
import { failureOf } from '../domain/failure-row';
import { statusChangeOf } from '../domain/status-change';
import { awsClients, eventBridge } from '../runtime/aws-clients';
import { readEnvironment } from '../runtime/environment';
import { beforeDeadline, recordingSignal } from '../runtime/invocation';
import { telemetry } from '../runtime/telemetry';

const KEY = 'status-publisher';
const env = readEnvironment(KEY);
const { db } = awsClients();
const log = telemetry(KEY, env.ENVIRONMENT);

type Item = Readonly<Record<string, AttributeValue>>;

interface StreamedChange extends RowChange {
  /** Identifies the record and its shipment on the row of a failure. */
  readonly input: unknown;
}

/**
 * Puts each change of a shipment's status on the bus. Invoked with batches of the shipments table's stream, which has a record exactly when a
 * row has changed. Returns the position from which Lambda retries, if any.
 */
export async function handler({ Records }: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> {
  log.begin(context, { time: 0 });
  const [oldest] = Records.map(createdAt);
  try {
    const batch = Records.filter(({ dynamodb }) => dynamodb?.NewImage).map(changeOf);
    const end = await beforeDeadline(context, ({ signal }) =>
      publishChanges(batch, {
        maxChanges: ENTRIES_A_CALL,
        publish: (changes) => putEntries(eventBridge(), env.EVENT_BUS_NAME, STATUS_CHANGED, changes, signal),
        observer: log,
        async reject({ input }, error) {
          log.count('rejected');
          log.error('the change cannot be published', error);
          const recording = recordingSignal();
          await recordFailure(failureOf(input, error, inEnvironment(functionName(KEY), env.ENVIRONMENT)), {
            maxAttempts: 1,
            ...errorTable(db, env.ERROR_EVENTS_TABLE, Date.now, recording),
            announce: (announced) => announceOn(eventBridge(), env.EVENT_BUS_NAME, announced, recording),
          });
        },
      }),
    );
    if (end.done) return { batchItemFailures: [] };
    log.count('failed');
    log.error('status changes wait for another attempt', end.error);
    return { batchItemFailures: [{ itemIdentifier: end.from }] };
  } catch (error) {
    log.count('failed');
    log.error('the batch waits for another attempt', error);
    throw error;
  } finally {
    log.end(oldest === undefined ? undefined : Math.max(0, Date.now() - oldest));
  }
}

/** Epoch milliseconds; the stream has seconds. */
const createdAt = ({ dynamodb }: DynamoDBRecord) => Number(dynamodb?.ApproximateCreationDateTime ?? 0) * 1_000;

function changeOf(record: DynamoDBRecord): StreamedChange {
  const { SequenceNumber = '', NewImage = {}, OldImage, Keys } = record.dynamodb ?? {};
  const [row, before] = [NewImage as Item, OldImage as Item | undefined];
  const status = stringOf(before, 'status');
  return {
    position: SequenceNumber,
    input: {
      id: record.eventID,
      time: new Date(createdAt(record)).toISOString(),
      detail: { shipment_id: Keys?.['shipment_id']?.S },
      row: NewImage,
    },
    statusChange: () =>
      statusChangeOf(
        { version: stringOf(before, 'version'), status: status !== undefined && isStatus(status) ? status : undefined },
        readShipmentRow(row),
      ),
  };
}
