import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { until } from '../../../lib/until.mjs';
import { UserError } from '../../../lib/user-error.mjs';
import type { FaultProxy } from '../../../local/faults/fault-proxy';
import { killCaller } from '../../../local/faults/killable-functions';
import { eventOf, type Row, shipmentOf, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { type DayEvent, notifiesAbout, type ShufflePlan } from './plan';
import { type Write, WriteTap } from './write-tap';

export interface Delivered {
  /** In the order of their arrival at DynamoDB. */
  readonly writes: readonly Write[];
  /** The shipment's rows in the log, by time. */
  readonly log: readonly Row[];
  readonly current: Row | undefined;
  /** Event ids of the notifications, one for each message. */
  readonly notified: readonly string[];
}

const TIMEOUT_MS = 20_000;

/** @throws UserError when an event was not handled in time */
export async function deliver(
  { shipment, day }: ShufflePlan,
  deliveries: readonly number[],
  killed: number | undefined,
  stack: LocalStack,
  proxy: FaultProxy,
): Promise<Delivered> {
  const before = await messagesAbout(shipment, stack);
  const tap = new WriteTap(shipment, killed === undefined ? undefined : day[killed]?.detail.event_id);
  proxy.beginDelivery(tap.plan);
  proxy.beginAttempt(killCaller);
  const events = deliveries.flatMap((place) => day[place] ?? []);
  for (const event of events) await deliverOne(event, tap, stack, proxy);
  // Lambda decides when it retries the killed attempt.
  for (const event of day) {
    const isDone = async () => tap.count('status', event.detail.event_id) > 0 && (await isComplete(event, stack));
    await within(isDone, `finish ${nameOf(event)}`);
  }
  await within(() => proxy.underWay === 0, `finish ${shipment}`);
  const { log, shipments } = await takeSnapshot(stack);
  return {
    writes: tap.writes,
    log: log.filter(isAbout(shipment)).sort((a, b) => Number(a['timestamp']) - Number(b['timestamp'])),
    current: shipments.find(isAbout(shipment)),
    notified: (await messagesAbout(shipment, stack)).slice(before.length),
  };
}

/** Sends one event and waits until its function has handled it or was killed. */
async function deliverOne(event: DayEvent, tap: WriteTap, stack: LocalStack, proxy: FaultProxy): Promise<void> {
  const { event_id } = event.detail;
  const [logged, advanced] = [tap.count('log', event_id), tap.count('status', event_id)];
  await stack.send(event);
  const isHandled = () =>
    tap.count('status', event_id) > advanced ||
    (tap.count('log', event_id) > logged &&
      tap.writes.some(({ item, killed }) => killed && item['event_id'] === event_id));
  await within(() => isHandled() && proxy.underWay === 0, `handle ${nameOf(event)}`);
  if (notifiesAbout(event)) await within(() => isComplete(event, stack), `notify about ${nameOf(event)}`);
}

const nameOf = ({ detail }: DayEvent) => `${detail.event_id} (${detail.status})`;

const isAbout = (shipment: string) => (row: Row) => row['shipment_id'] === shipment;

/** True when the event is in the log, and marked as notified if it notifies. */
async function isComplete(event: DayEvent, stack: LocalStack): Promise<boolean> {
  const { log } = await takeSnapshot(stack);
  const row = log.find(({ event_id }) => event_id === event.detail.event_id);
  return row !== undefined && (row['notified_at'] !== undefined || !notifiesAbout(event));
}

async function messagesAbout(shipment: string, stack: LocalStack): Promise<string[]> {
  const { notifications } = await takeSnapshot(stack);
  return notifications.processing.filter((message) => shipmentOf(message) === shipment).map(eventOf);
}

const within = (isDone: () => boolean | Promise<boolean>, task: string) =>
  until(isDone, TIMEOUT_MS, {
    everyMs: 20,
    otherwise: () => {
      throw new UserError(`the functions did not ${task} within ${TIMEOUT_MS / 1_000} s: press shuffle again`);
    },
  });

/** Removes the shipment's rows, so that the same events are new again. */
export async function forget({ log, current }: Delivered, { db, outputs }: LocalStack): Promise<void> {
  for (const { event_id, timestamp } of log) {
    const Key = marshall({ event_id, timestamp });
    await db.send(new DeleteItemCommand({ TableName: outputs['ShipmentEventsTableName'], Key }));
  }
  if (!current) return;
  const Key = marshall({ shipment_id: current['shipment_id'] });
  await db.send(new DeleteItemCommand({ TableName: outputs['ShipmentsTableName'], Key }));
}
