import { DescribeArchiveCommand } from '@aws-sdk/client-eventbridge';
import { lastSeen } from '../../cli/failures/error-row';
import { deliveryEstimateOf, type TimelineEvent } from '../../cli/shipments/timeline';
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
import { trackOf } from '../track';

/** Rows of a list that the page shows; the counts are of all. */
const SHOWN = 100;

/** State of the stack as the page shows it. Ids to be read are words of a shell: the page is copied from, too. */
export interface PageState {
  /** By logical id, for the map. */
  readonly counts: Readonly<Record<string, number>>;
  readonly shipments: readonly { readonly id: string; readonly shown: string; readonly status: string }[];
  /** The shipment that was asked for; undefined when it is not on record. */
  readonly track?: {
    readonly shipment: string;
    readonly status: string;
    /** ISO 8601. */
    readonly estimatedDelivery: string | null;
    readonly events: readonly TimelineEvent[];
  };
  readonly notified: readonly { readonly topic: string; readonly subject: string; readonly times: number }[];
  readonly queues: readonly { readonly name: string; readonly waiting: number }[];
  readonly errors: readonly PageError[];
}

interface PageError {
  readonly type: string;
  readonly shipment: string;
  readonly message: string;
  readonly attempts: number;
  readonly lastSeen: string;
}

export async function pageState(stack: LocalStack, shipment: string | undefined): Promise<PageState> {
  const [snapshot, archive] = await Promise.all([
    takeSnapshot(stack),
    stack.events.send(new DescribeArchiveCommand({ ArchiveName: stack.outputs['ArchiveName'] })),
  ]);
  const row = snapshot.shipments.find(({ shipment_id }) => shipment_id === shipment);
  const events = row ? trackOf(row, snapshot.log) : [];
  return {
    counts: countsOf(snapshot, archive.EventCount ?? 0),
    shipments: latest(snapshot.shipments, ({ timestamp }) => String(timestamp)).map(({ shipment_id, status }) => ({
      id: String(shipment_id),
      shown: shellWord(String(shipment_id)),
      status: String(status),
    })),
    ...(row && {
      track: {
        shipment: shellWord(String(row['shipment_id'])),
        status: String(row['status']),
        estimatedDelivery: deliveryEstimateOf(events, { status: row['status'] as Status }),
        events: events.slice(-SHOWN),
      },
    }),
    notified: notificationsOf(snapshot),
    queues: [
      ...QUEUED_FUNCTION_KEYS.map((key) => ({ name: deadLetterQueueName(key), waiting: snapshot.failed[key].length })),
      { name: NAMES.unroutedQueue, waiting: snapshot.unrouted.length },
    ],
    errors: latest(
      snapshot.errors.filter(({ function_name }) => function_name !== undefined),
      lastSeen,
    ).map(errorOf),
  };
}

const latest = (rows: readonly Row[], stamp: (row: Row) => string) =>
  [...rows].sort((a, b) => stamp(b).localeCompare(stamp(a), 'en', { numeric: true })).slice(0, SHOWN);

const errorOf = (row: Row): PageError => ({
  type: String(row['error_type'] ?? 'discarded'),
  shipment: row['shipment_id'] === undefined ? '' : shellWord(String(row['shipment_id'])),
  message: String(row['error_message'] ?? row['discard_reason']),
  attempts: Number(row['attempts'] ?? 0),
  lastSeen: lastSeen(row),
});

/** Functions are counted by the rows they recorded; the bus by what its archive holds. */
function countsOf({ log, shipments, errors, notifications, failed, unrouted }: Snapshot, archived: number) {
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

/** The adapters begin each identity with the platform's name. */
const isCarriers = ({ event_id }: Row) => CARRIER_NAMES.some((name) => String(event_id).startsWith(`${name}-`));

function notificationsOf({ notifications }: Snapshot): PageState['notified'] {
  return Object.entries(notifications).flatMap(([topic, messages]) => {
    const times = new Map<string, number>();
    for (const { Subject } of messages) times.set(Subject, (times.get(Subject) ?? 0) + 1);
    return [...times]
      .map(([subject, count]) => ({ topic, subject, times: count }))
      .reverse()
      .slice(0, SHOWN);
  });
}
