import { DescribeArchiveCommand } from '@aws-sdk/client-eventbridge';
import { lastSeen } from '../../cli/failures/error-row';
import { deliveryEstimateOf } from '../../cli/shipments/timeline';
import { CARRIER_NAMES } from '../../contracts/carriers';
import {
  deadLetterQueueName,
  EVENT_FUNCTION_KEYS,
  QUEUED_FUNCTION_KEYS,
  recordsShipments,
} from '../../contracts/functions';
import { CONTRACTS } from '../../contracts/generated/contracts';
import { NAMES } from '../../contracts/names';
import { shellWord } from '../../contracts/shell';
import type { Status } from '../../contracts/statuses';
import { type Row, type Snapshot, takeSnapshot } from '../../local/snapshot';
import type { LocalStack } from '../../local/stack';
import { UNROUTED_QUEUE_ID } from '../../template-src/bus/bus';
import { BUS_ID, functionIds } from '../../template-src/logical-ids';
import { TABLE_IDS } from '../../template-src/storage/tables';
import { TOPIC_IDS } from '../../template-src/topics';
import { failures, notificationsBySubject, trackOf } from '../views';

/** Most rows that a list of the page shows; counts are of all. */
const SHOWN = 100;

export type PageState = Awaited<ReturnType<typeof pageState>>;

/**
 * State of the stack for the page. Displayed ids are quoted for a shell, since users copy them.
 * @param shipment to track; `track` is undefined while the shipment is unknown
 */
export async function pageState(stack: LocalStack, shipment: string | undefined) {
  const [snapshot, archive] = await Promise.all([
    takeSnapshot(stack),
    stack.events.send(new DescribeArchiveCommand({ ArchiveName: stack.outputs['ArchiveName'] })),
  ]);
  const row = snapshot.shipments.find(({ shipment_id }) => shipment_id === shipment);
  const events = row ? trackOf(row, snapshot.log) : [];
  return {
    /** By the logical ids of the map. */
    counts: countsOf(snapshot, archive.EventCount ?? 0),
    shipments: latest(snapshot.shipments, ({ timestamp }) => String(timestamp)).map(({ shipment_id, status }) => ({
      id: String(shipment_id),
      shown: shellWord(String(shipment_id)),
      status: String(status),
    })),
    track: row && {
      shipment: shellWord(String(row['shipment_id'])),
      status: String(row['status']),
      estimatedDelivery: deliveryEstimateOf(events, { status: row['status'] as Status }),
      events: events.slice(-SHOWN),
    },
    notified: notificationsBySubject(snapshot).flatMap(({ subjects }) => subjects.reverse().slice(0, SHOWN)),
    queues: [
      ...QUEUED_FUNCTION_KEYS.map((key) => ({ name: deadLetterQueueName(key), waiting: snapshot.failed[key].length })),
      { name: NAMES.unroutedQueue, waiting: snapshot.unrouted.length },
    ],
    errors: latest(failures(snapshot), lastSeen).map((row) => ({
      type: String(row['error_type'] ?? 'discarded'),
      shipment: row['shipment_id'] === undefined ? '' : shellWord(String(row['shipment_id'])),
      message: String(row['error_message'] ?? row['discard_reason']),
      attempts: Number(row['attempts'] ?? 0),
    })),
  };
}

const latest = (rows: readonly Row[], stamp: (row: Row) => string) =>
  [...rows].sort((a, b) => stamp(b).localeCompare(stamp(a), 'en', { numeric: true })).slice(0, SHOWN);

/** Counts for the map: for functions the rows that they recorded, for the bus the events in its archive. */
function countsOf(
  { log, shipments, errors, notifications, failed, unrouted }: Snapshot,
  archived: number,
): Readonly<Record<string, number>> {
  const recordedBy = (key: (typeof EVENT_FUNCTION_KEYS)[number]) => {
    const types: readonly string[] = CONTRACTS[key].map(({ detailType }) => detailType);
    if (recordsShipments(key)) return log.filter((row) => types.includes(String(row['detail_type']))).length;
    return errors.filter((row) => Object.keys(row).some((name) => name.endsWith('_notified_at'))).length;
  };
  return {
    [BUS_ID]: archived,
    Archive: archived,
    [TABLE_IDS.shipmentEvents]: log.length,
    [TABLE_IDS.shipments]: shipments.length,
    [TABLE_IDS.errorEvents]: errors.length,
    [TOPIC_IDS.alerts]: notifications.alerts.length,
    [TOPIC_IDS.processing]: notifications.processing.length,
    [UNROUTED_QUEUE_ID]: unrouted.length,
    ...Object.fromEntries(EVENT_FUNCTION_KEYS.map((key) => [functionIds(key).function, recordedBy(key)])),
    [functionIds('carrier-webhook').function]: log.filter(isCarriers).length,
    ...Object.fromEntries(QUEUED_FUNCTION_KEYS.map((key) => [functionIds(key).queue, failed[key].length])),
  };
}

/** The carrier adapters begin each event id with the platform's name. */
const isCarriers = ({ event_id }: Row) => CARRIER_NAMES.some((name) => String(event_id).startsWith(`${name}-`));
