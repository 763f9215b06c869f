import { randomBytes } from 'node:crypto';
import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeEventBusCommand } from '@aws-sdk/client-eventbridge';
import { contract as shipmentCreated } from '../../contracts/events/shipment-processor/shipment-created';
import { functionName, logGroupName } from '../../contracts/functions';
import { NAMES, SMOKE_PREFIX } from '../../contracts/names';
import { TABLES } from '../../contracts/tables';
import { until } from '../../lib/until.mjs';
import { UserError } from '../../lib/user-error.mjs';
import { loggedEvent, statusItemOf } from '../../publisher/shipment-records';
import { stringOf } from '../../src/adapters/attributes';
import { findStack } from '../doctor/stack';
import { contextOf, help, type Register } from '../program';
import { checkOperatorEvent } from '../send/checked-event';
import { putEvents } from '../send/put-events';
import { rowOf } from '../target/rows';
import type { Target } from '../target/target';
import { positiveInteger } from '../terminal/option-values';
import type { Print } from '../terminal/output';

const ABOUT = `Safe in prod: the event is of a shipment of its own, ${SMOKE_PREFIX}<time>, marked in its metadata, which is closed at once and sends no notification. It
leaves a row in the log and a row of that shipment. Where status changes are published, it also waits for the change in the log of the function that
publishes them: other systems get a change of that shipment. Ends with 1, and states which step the event reached, when it is not done in time.`;

export const register: Register = (program) => {
  program
    .command('smoke')
    .description('put one marked event on the bus and follow it to the tables and out again')
    .option('--timeout <seconds>', 'how long to wait', positiveInteger, 60)
    .addHelpText('after', help(ABOUT, 'smoke', 'smoke --timeout 120'))
    .action(async ({ timeout }: { timeout: number }, command) => {
      const { target, print } = contextOf(command);
      print.result(await smoke(timeout * 1_000, target, print));
    });
};

type SmokeEvent = Awaited<ReturnType<typeof put>>;

const POLL_MS = 250;

/** Polls at a quarter of the lowest regional quota of FilterLogEvents. */
const LOG_POLL_MS = 1_000;

/**
 * Puts one event on the bus and follows it.
 * @param timeout milliseconds
 * @returns milliseconds from the call of the bus until each row and the published change were seen, the latter null where none are published
 * @throws UserError naming the step that was not reached
 */
export async function smoke(timeout: number, target: Target, print: Print) {
  const bus = await target.events.send(new DescribeEventBusCommand({ Name: target.name(NAMES.bus) }));
  print.target(`bus ${bus.Arn}`);
  const event = await put(target);
  const deadline = event.sentAt + timeout;
  const millisecondsUntil = async (isDone: () => Promise<boolean>, otherwise: string, everyMs = POLL_MS) => {
    if (await until(isDone, deadline - performance.now(), { everyMs, otherwise: () => false }))
      return Math.round(performance.now() - event.sentAt);
    throw new UserError(otherwise);
  };

  const log_after_ms = await millisecondsUntil(
    () => isLogged(event, target),
    `the bus accepted ${event.id}, but it is not in the log after ${timeout / 1_000} s: look at \`${target.command`doctor`}\` and \`${target.command`queues`}\``,
  );
  const status_after_ms = await millisecondsUntil(
    () => isCurrent(event, target),
    `${event.id} is in the log, but not in the row of its shipment after ${timeout / 1_000} s: look at \`${target.command`track ${event.id}`}\` and \`${target.command`errors`}\``,
  );
  const isPublishing = (await findStack(target))?.parameters.get('PublishStatusChanges') === 'true';
  const published_after_ms = isPublishing
    ? await millisecondsUntil(
        () => isPublished(event, target),
        `the row of the shipment has ${event.id}, but ${target.name(functionName(PUBLISHER))} has not put its change on the bus after ${timeout / 1_000} s: look at \`${target.command`doctor`}\``,
        LOG_POLL_MS,
      )
    : null;
  return { shipment: event.id, event_id: event.id, log_after_ms, status_after_ms, published_after_ms };
}

/**
 * Puts an event of a shipment of its own on the bus. Both have the same random id, so that no other event can be of this shipment.
 * @throws UserError when the bus refuses the event
 */
async function put(target: Target) {
  const [timestamp, sentAt] = [target.now(), performance.now()];
  const id = `${SMOKE_PREFIX}${timestamp}-${randomBytes(4).toString('hex')}`;
  const detail = {
    shipment_id: id,
    event_id: id,
    status: 'cancelled',
    notify: false,
    occurred_at: new Date(timestamp).toISOString(),
    metadata: { smoke: true },
  };
  const { source, detailType } = shipmentCreated;
  const { entry } = checkOperatorEvent({ source, 'detail-type': detailType, detail }, target);
  const [answer] = await putEvents(target.events, [entry]);
  if (!answer || 'refused' in answer) throw new UserError(`the bus refused the event: ${answer?.refused}`);
  return { id, timestamp, sentAt, envelopeId: answer.id };
}

async function isLogged(event: SmokeEvent, target: Target): Promise<boolean> {
  const row = await loggedEvent({ event_id: event.id, timestamp: event.timestamp }, target);
  return row !== undefined || throwIfFailed(event, target);
}

async function isCurrent(event: SmokeEvent, target: Target): Promise<boolean> {
  const row = await statusItemOf(event.id, target);
  return stringOf(row, 'event_id') === event.id || throwIfFailed(event, target);
}

const PUBLISHER = 'status-publisher';

/** Allowance for the difference between the clocks of Lambda and EventBridge. */
const CLOCK_SKEW_MS = 60_000;

/** True when the publisher has logged the event's change as published. Only its log shows that without a rule on the bus. */
async function isPublished({ id, timestamp }: SmokeEvent, target: Target): Promise<boolean> {
  const pages = paginateFilterLogEvents(
    { client: target.logs },
    {
      logGroupName: target.name(logGroupName(PUBLISHER)),
      startTime: timestamp - CLOCK_SKEW_MS,
      // Quoted, it is a phrase.
      filterPattern: JSON.stringify(id),
    },
  );
  for await (const { events = [] } of pages) if (events.length > 0) return true;
  return false;
}

/** @throws UserError when the event has an error row */
async function throwIfFailed({ id, envelopeId }: SmokeEvent, target: Target): Promise<false> {
  const error_id = `${target.name(functionName('shipment-processor'))}/${envelopeId}`;
  const row = await rowOf(TABLES.errorEvents, error_id, target);
  if (!row) return false;
  throw new UserError(
    `${id} reached its function and failed there (${stringOf(row, 'error_type')}): ${stringOf(row, 'error_message')}`,
  );
}
