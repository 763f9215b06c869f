import type { EventFunctionKey } from '../../../contracts/functions';
import { functionName } from '../../../contracts/functions';
import { inEnvironment } from '../../../contracts/names';
import { ALERTS_A_MINUTE } from '../../../contracts/notifications';
import { TABLES } from '../../../contracts/tables';
import { ENVIRONMENT } from '../../../local/deploy';
import type { FaultPlan } from '../../../local/faults/fault-proxy';

type Envelope = Readonly<Record<string, unknown>>;

/** A way an event can be handled, to be tried at every crash point. Ids make each try's rows its own. */
export interface EventKind {
  readonly name: string;
  readonly key: EventFunctionKey;
  /** Events that were handled before, without a fault. */
  before(id: string): readonly Envelope[];
  event(id: string): Envelope;
  /** Faults of the first delivery, beside the one that is tried. */
  readonly fault?: FaultPlan;
  /** Its outcome in the end. */
  readonly ends: 'accepted' | 'rejected' | 'conflict' | 'notified' | 'summarized';
  /** The place among its shipment's events (before, then event) of the one that is current in the end. */
  readonly current?: number;
}

const START = Date.UTC(2026, 2, 2, 8);

interface Update {
  readonly status: string;
  readonly minute?: number;
  readonly carrier?: string;
}

/** The n-th event of a shipment. Its event id is the try's id and its number. */
const update = (id: string, n: number, { status, minute = n, carrier = 'NordFreight' }: Update): Envelope => ({
  version: '0',
  id: `envelope-${id}-${n}`,
  source: 'logistics.shipment',
  'detail-type': 'Shipment Status Updated',
  time: new Date(START + minute * 60_000).toISOString(),
  detail: {
    shipment_id: `SHP-${id}`,
    status,
    event_id: `${id}-${n}`,
    occurred_at: new Date(START + minute * 60_000).toISOString(),
    metadata: { carrier },
  },
});

/** The n-th event of a shipment, a correction. */
const correction = (id: string, n: number, { notify, ...content }: Update & { notify?: false }): Envelope => {
  const { detail, ...envelope } = update(id, n, content);
  const words = { reason: 'scanned by mistake', ...(notify === false && { notify }) };
  return { ...envelope, 'detail-type': 'Shipment Status Corrected', detail: { ...(detail as object), ...words } };
};

const created = (id: string): Envelope => {
  const { detail, ...envelope } = update(id, 0, { status: 'pending' });
  return { ...envelope, 'detail-type': 'Shipment Created', detail };
};

const errorEvent = (id: string, detailType: string, more: Envelope = {}): Envelope => ({
  version: '0',
  id: `envelope-${id}`,
  source: 'logistics.error',
  'detail-type': detailType,
  time: new Date(START).toISOString(),
  detail: { error_type: 'carrier_feed_down', error_message: `feed of ${id} is down`, ...more },
});

const down =
  (service: string): FaultPlan =>
  (call) =>
    call.service === service ? 'answers 500' : undefined;

const errorTable = inEnvironment(TABLES.errorEvents.name, ENVIRONMENT);

/** The part of an announcement beside the error: the row of its event. */
function announcedBy(id: string) {
  const function_name = inEnvironment(functionName('status-updater'), ENVIRONMENT);
  return { function_name, error_id: `${function_name}/failed-${id}`, error_timestamp: START, error_type: 'rejected' };
}

const none = () => [];

const delivered = (id: string) => update(id, 0, { status: 'delivered' });
const unknownStatus = (id: string) => update(id, 0, { status: 'teleported' });

export const EVENT_KINDS: readonly EventKind[] = [
  { name: 'a new shipment', key: 'shipment-processor', before: none, event: created, ends: 'accepted', current: 0 },
  {
    name: 'an update',
    key: 'status-updater',
    before: (id) => [created(id)],
    event: (id) => update(id, 1, { status: 'in_transit' }),
    ends: 'accepted',
    current: 1,
  },
  {
    name: 'a delivery, which notifies',
    key: 'status-updater',
    before: none,
    event: delivered,
    ends: 'accepted',
    current: 0,
  },
  {
    name: 'a late failure, superseded, which notifies',
    key: 'status-updater',
    before: (id) => [update(id, 0, { status: 'delivered', minute: 5 })],
    event: (id) => update(id, 1, { status: 'failed', minute: 1 }),
    ends: 'accepted',
    current: 0,
  },
  {
    name: 'an open event after a closing one, hidden',
    key: 'status-updater',
    before: (id) => [update(id, 0, { status: 'delivered' })],
    event: (id) => update(id, 1, { status: 'in_transit' }),
    ends: 'accepted',
    current: 0,
  },
  {
    name: 'a correction, which notifies',
    key: 'status-updater',
    before: (id) => [delivered(id)],
    event: (id) => correction(id, 1, { status: 'in_transit' }),
    ends: 'accepted',
    current: 1,
  },
  {
    name: 'a correction that voids one event alone',
    key: 'status-updater',
    before: (id) => [delivered(id), update(id, 1, { status: 'in_transit' })],
    event: (id) => correction(id, 2, { status: 'pending', minute: 0 }),
    ends: 'accepted',
    current: 1,
  },
  {
    name: 'a quiet correction',
    key: 'status-updater',
    before: (id) => [delivered(id)],
    event: (id) => correction(id, 1, { status: 'in_transit', notify: false }),
    ends: 'accepted',
    current: 1,
  },
  {
    name: 'a failure after a correction, which notifies',
    key: 'status-updater',
    before: (id) => [correction(id, 0, { status: 'in_transit' })],
    event: (id) => update(id, 1, { status: 'failed' }),
    ends: 'accepted',
    current: 1,
  },
  {
    name: 'a duplicate',
    key: 'status-updater',
    before: (id) => [delivered(id)],
    event: delivered,
    ends: 'accepted',
    current: 0,
  },
  { name: 'an invalid event', key: 'status-updater', before: none, event: unknownStatus, ends: 'rejected' },
  {
    name: 'a conflict',
    key: 'status-updater',
    before: (id) => [delivered(id)],
    event: (id) => update(id, 0, { status: 'delivered', carrier: 'AlpenCargo' }),
    ends: 'conflict',
    current: 0,
  },
  {
    name: 'a delivery while SNS is down',
    key: 'status-updater',
    before: none,
    event: delivered,
    fault: down('sns'),
    ends: 'accepted',
    current: 0,
  },
  {
    name: 'a delivery while DynamoDB is down',
    key: 'status-updater',
    before: none,
    event: delivered,
    fault: down('dynamodb'),
    ends: 'accepted',
    current: 0,
  },
  {
    name: 'an invalid event while the error table is down',
    key: 'status-updater',
    before: none,
    event: unknownStatus,
    fault: ({ label }) => (label.endsWith(errorTable) ? 'answers 500' : undefined),
    ends: 'rejected',
  },
  {
    name: 'an invalid event while the bus is down',
    key: 'status-updater',
    before: none,
    event: unknownStatus,
    fault: down('events'),
    ends: 'rejected',
  },
  {
    name: 'an invalid event while the bus refuses entries',
    key: 'shipment-processor',
    before: none,
    event: (id) => ({ ...unknownStatus(id), 'detail-type': 'Shipment Created' }),
    fault: ({ service }) => (service === 'events' ? 'entry refused' : undefined),
    ends: 'rejected',
  },
  {
    name: 'a critical error event',
    key: 'notification-handler',
    before: none,
    event: (id) => errorEvent(id, 'Critical Error'),
    ends: 'notified',
  },
  {
    name: 'a critical error event that finds no place, and sends the summary',
    key: 'notification-handler',
    before: (id) =>
      Array.from({ length: ALERTS_A_MINUTE.ofOneType }, (_, n) => errorEvent(`before-${n}-${id}`, 'Critical Error')),
    event: (id) => errorEvent(id, 'Critical Error'),
    ends: 'summarized',
  },
  {
    name: 'an announcement of our own failure',
    key: 'notification-handler',
    before: none,
    event: (id) => ({ ...errorEvent(id, 'Event Failed', announcedBy(id)), source: 'logistics.pipeline' }),
    ends: 'notified',
  },
  {
    name: 'an announcement as earlier versions made it',
    key: 'notification-handler',
    before: none,
    event: (id) => errorEvent(id, 'Processing Error', announcedBy(id)),
    ends: 'notified',
  },
  {
    name: 'an error event while SNS is down',
    key: 'notification-handler',
    before: none,
    event: (id) => errorEvent(id, 'Processing Error'),
    fault: down('sns'),
    ends: 'notified',
  },
];
