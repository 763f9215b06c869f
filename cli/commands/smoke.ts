import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand } from '@aws-sdk/client-eventbridge';
import { contract as shipmentCreated } from '../../contracts/events/shipment-processor/shipment-created';
import { functionName } from '../../contracts/functions';
import { NAMES } from '../../contracts/names';
import { TABLES } from '../../contracts/tables';
import { until } from '../../lib/until.mjs';
import { UserError } from '../../lib/user-error.mjs';
import { stringOf, toAttributes } from '../../src/adapters/attributes';
import { versionOf } from '../../src/domain/version';
import { contextOf, help, type Register } from '../program';
import { putEvents } from '../send/put-events';
import type { Target } from '../target/target';
import { positiveInteger } from '../terminal/option-values';
import type { Print } from '../terminal/output';

/** The one shipment of every smoke test: a new one each time would leave more and more that never close. */
export const SMOKE_SHIPMENT = 'SMOKE-TEST';

const ABOUT = `Safe in prod: the event is of the shipment ${SMOKE_SHIPMENT}, marked in its metadata, and its status "pending" notifies no subscriber. It leaves
one row in the log, and the shipment, which \`list\` shows. Ends with 1, and says how far the event came, when it does not reach the
tables in time.`;

export const register: Register = (program) => {
  program
    .command('smoke')
    .description('put one marked event on the bus and follow it to the tables')
    .option('--timeout <seconds>', 'how long to wait', positiveInteger, 60)
    .addHelpText('after', help(ABOUT, 'smoke', 'smoke --timeout 120'))
    .action(async ({ timeout }: { timeout: number }, command) => {
      const { target, print } = contextOf(command);
      print.result(await smoke(timeout * 1_000, target, print));
    });
};

/** A marked event on its way. */
interface SmokeEvent {
  readonly event_id: string;
  /** Epoch milliseconds, by AWS's clock. */
  readonly timestamp: number;
  /** When the bus was called, in milliseconds of this process. */
  readonly sentAt: number;
  /** The id that the bus gave it. */
  readonly envelopeId: string;
}

export interface Smoked {
  readonly shipment: string;
  readonly event_id: string;
  /** From the call of the bus until each row was seen. */
  readonly log_after_ms: number;
  readonly status_after_ms: number;
}

const POLL_MS = 250;

/** @throws UserError saying how far the event came */
export async function smoke(patience: number, target: Target, print: Print): Promise<Smoked> {
  const bus = await target.events.send(new DescribeEventBusCommand({ Name: target.name(NAMES.bus) }));
  print.target(`bus ${bus.Arn}`);
  const event = await put(target);
  const deadline = event.sentAt + patience;

  const log_after_ms = await seen(() => isLogged(event, target), event, deadline);
  if (log_after_ms === undefined) {
    throw new UserError(
      `the bus took ${event.event_id}, but it is not in the log after ${patience / 1_000} s: look at \`${target.command`doctor`}\` and \`${target.command`queues`}\``,
    );
  }
  const status_after_ms = await seen(() => isCurrent(event, target), event, deadline);
  if (status_after_ms === undefined) {
    throw new UserError(
      `${event.event_id} is in the log, but ${SMOKE_SHIPMENT} does not stand at it after ${patience / 1_000} s: look at \`${target.command`errors`}\``,
    );
  }
  return { shipment: SMOKE_SHIPMENT, event_id: event.event_id, log_after_ms, status_after_ms };
}

/** @throws UserError when the bus refuses the event */
async function put(target: Target): Promise<SmokeEvent> {
  const [timestamp, sentAt] = [target.now(), performance.now()];
  const event_id = `smoke-${timestamp}`;
  const detail = {
    shipment_id: SMOKE_SHIPMENT,
    event_id,
    occurred_at: new Date(timestamp).toISOString(),
    metadata: { smoke: true },
  };
  const { source, detailType } = shipmentCreated;
  const [answer] = await putEvents(target.events, [
    {
      EventBusName: target.name(NAMES.bus),
      Source: source,
      DetailType: detailType,
      Detail: JSON.stringify(detail),
    },
  ]);
  if (!answer || 'refused' in answer) throw new UserError(`the bus refused the event: ${answer?.refused}`);
  return { event_id, timestamp, sentAt, envelopeId: answer.id };
}

/** How long after its sending the event is where it should be; undefined when it is not until the time is up. */
async function seen(isThere: () => Promise<boolean>, { sentAt }: SmokeEvent, deadline: number) {
  const isSeen = await until(isThere, deadline - performance.now(), { everyMs: POLL_MS, otherwise: () => false });
  return isSeen ? Math.round(performance.now() - sentAt) : undefined;
}

async function isLogged(event: SmokeEvent, target: Target): Promise<boolean> {
  const { event_id, timestamp } = event;
  const { Item } = await target.db.send(
    new GetItemCommand({
      TableName: target.name(TABLES.shipmentEvents.name),
      Key: toAttributes({ event_id, timestamp }),
      ConsistentRead: true,
    }),
  );
  if (Item) return true;
  await throwIfFailed(event, target);
  return false;
}

/** A later smoke test may have moved the shipment on: that is as good. */
async function isCurrent(event: SmokeEvent, target: Target): Promise<boolean> {
  const { Item } = await target.db.send(
    new GetItemCommand({
      TableName: target.name(TABLES.shipments.name),
      Key: toAttributes({ shipment_id: SMOKE_SHIPMENT }),
      ConsistentRead: true,
    }),
  );
  if ((stringOf(Item, 'version') ?? '') >= versionOf({ ...event, status: 'pending' })) return true;
  await throwIfFailed(event, target);
  return false;
}

/** The row that a failed attempt leaves; its time is the envelope's, which only the bus knows. */
async function throwIfFailed({ event_id, envelopeId }: SmokeEvent, target: Target): Promise<void> {
  const { Items = [] } = await target.db.send(
    new QueryCommand({
      TableName: target.name(TABLES.errorEvents.name),
      KeyConditionExpression: 'error_id = :id',
      ExpressionAttributeValues: toAttributes({
        ':id': `${target.name(functionName('shipment-processor'))}/${envelopeId}`,
      }),
      ConsistentRead: true,
    }),
  );
  const [row] = Items;
  if (row) {
    throw new UserError(
      `${event_id} reached its function and failed there (${stringOf(row, 'error_type')}): ${stringOf(row, 'error_message')}`,
    );
  }
}
