import { type EventFunctionKey, functionName } from '../../../contracts/functions';
import { inEnvironment } from '../../../contracts/names';
import { ALERTS_A_MINUTE } from '../../../contracts/notifications';
import type { Status } from '../../../contracts/statuses';
import { TABLES } from '../../../contracts/tables';
import { ENVIRONMENT } from '../../../local/deploy';
import type { FaultPlan } from '../../../local/faults/fault-proxy';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { aShipmentEvent, onTheBus } from '../builders/events';

type Envelope = Readonly<Record<string, unknown>>;

/** A way in which an event can be handled, tried at every crash point. Each try has its own id, and so its own rows. */
export interface EventKind {
  readonly name: string;
  readonly key: EventFunctionKey;
  /** Events that are handled first, without a fault. */
  before(id: string): readonly Envelope[];
  event(id: string): Envelope;
  /** Faults of the first delivery, in addition to the one that is tried. */
  readonly fault?: FaultPlan | undefined;
  /** The event's final outcome. */
  readonly ends: 'accepted' | 'rejected' | 'conflict' | 'notified' | 'summarized';
  /** The index, among its shipment's events (`before`, then `event`), of the one that is current in the end. */
  readonly current: number;
}

/** An event kind with defaults: a status update that is accepted and current in the end. */
interface KindDefinition extends Partial<Pick<EventKind, 'key' | 'fault' | 'ends' | 'current'>> {
  readonly name: string;
  /** Events in the order in which they are handled; the last one is tried. */
  events(id: string): readonly Envelope[];
}

const START = Date.UTC(2026, 2, 2, 8);
const MINUTE_MS = 60_000;

/** The n-th event of a try's shipment, which happened in the n-th minute. */
const update = (id: string, n: number, status: string, overrides: Partial<ShipmentEvent> = {}): Envelope => ({
  id: `envelope-${id}-${n}`,
  ...onTheBus(
    aShipmentEvent({
      shipment_id: `SHP-${id}`,
      event_id: `${id}-${n}`,
      status: status as Status,
      timestamp: START + n * MINUTE_MS,
      ...overrides,
    }),
  ),
});

const correction = (id: string, n: number, status: Status, overrides: Partial<ShipmentEvent> = {}): Envelope =>
  update(id, n, status, { detail_type: 'Shipment Status Corrected', reason: 'scanned by mistake', ...overrides });

const created = (id: string) => update(id, 0, 'pending', { detail_type: 'Shipment Created' });

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

/** The fields of an announcement that name the error row of the failed event. */
function announcedBy(id: string) {
  const function_name = inEnvironment(functionName('status-updater'), ENVIRONMENT);
  return { function_name, error_id: `${function_name}/failed-${id}`, error_timestamp: START, error_type: 'rejected' };
}

const delivered = (id: string) => update(id, 0, 'delivered');
const unknownStatus = (id: string) => update(id, 0, 'teleported');
const critical = (id: string) => errorEvent(id, 'Critical Error');

const KINDS: readonly KindDefinition[] = [
  { name: 'a new shipment', key: 'shipment-processor', events: (id) => [created(id)] },
  { name: 'an update', events: (id) => [created(id), update(id, 1, 'in_transit')] },
  { name: 'a delivery, which notifies', events: (id) => [delivered(id)] },
  {
    name: 'a late failure, superseded, which notifies',
    events: (id) => [update(id, 0, 'delivered', { timestamp: START + 5 * MINUTE_MS }), update(id, 1, 'failed')],
    current: 0,
  },
  {
    name: 'an open event after a closing one, hidden',
    events: (id) => [delivered(id), update(id, 1, 'in_transit')],
    current: 0,
  },
  {
    name: 'a correction, which notifies',
    events: (id) => [delivered(id), correction(id, 1, 'in_transit')],
  },
  {
    name: 'a correction that voids one event alone',
    events: (id) => [delivered(id), update(id, 1, 'in_transit'), correction(id, 2, 'pending', { timestamp: START })],
    current: 1,
  },
  {
    name: 'a failure after a correction, which notifies',
    events: (id) => [correction(id, 0, 'in_transit'), update(id, 1, 'failed')],
  },
  { name: 'a duplicate', events: (id) => [delivered(id), delivered(id)] },
  { name: 'an invalid event', events: (id) => [unknownStatus(id)], ends: 'rejected' },
  {
    name: 'a conflict',
    events: (id) => [delivered(id), update(id, 0, 'delivered', { metadata: { carrier: 'AlpenCargo' } })],
    ends: 'conflict',
  },
  { name: 'a delivery while SNS is down', events: (id) => [delivered(id)], fault: down('sns') },
  { name: 'a delivery while DynamoDB is down', events: (id) => [delivered(id)], fault: down('dynamodb') },
  {
    name: 'an invalid event while the error table is down',
    events: (id) => [unknownStatus(id)],
    fault: ({ label }) => (label.endsWith(errorTable) ? 'answers 500' : undefined),
    ends: 'rejected',
  },
  {
    name: 'an invalid event while the bus is down',
    events: (id) => [unknownStatus(id)],
    fault: down('events'),
    ends: 'rejected',
  },
  {
    name: 'an invalid event while the bus refuses entries',
    key: 'shipment-processor',
    events: (id) => [{ ...unknownStatus(id), 'detail-type': 'Shipment Created' }],
    fault: ({ service }) => (service === 'events' ? 'entry refused' : undefined),
    ends: 'rejected',
  },
  { name: 'a critical error event', key: 'notification-handler', events: (id) => [critical(id)], ends: 'notified' },
  {
    name: 'a critical error event that finds no place, and sends the summary',
    key: 'notification-handler',
    events: (id) => [
      ...Array.from({ length: ALERTS_A_MINUTE.ofOneType }, (_, n) => critical(`before-${n}-${id}`)),
      critical(id),
    ],
    ends: 'summarized',
  },
  {
    name: 'an announcement of our own failure',
    key: 'notification-handler',
    events: (id) => [{ ...errorEvent(id, 'Event Failed', announcedBy(id)), source: 'logistics.pipeline' }],
    ends: 'notified',
  },
  {
    name: 'an announcement as earlier versions made it',
    key: 'notification-handler',
    events: (id) => [errorEvent(id, 'Processing Error', announcedBy(id))],
    ends: 'notified',
  },
  {
    name: 'an error event while SNS is down',
    key: 'notification-handler',
    events: (id) => [errorEvent(id, 'Processing Error')],
    fault: down('sns'),
    ends: 'notified',
  },
];

export const EVENT_KINDS = KINDS.map(
  ({ events, key = 'status-updater', ends = 'accepted', current = events('').length - 1, ...kind }): EventKind => ({
    ...kind,
    key,
    ends,
    current,
    before: (id) => events(id).slice(0, -1),
    event: (id) => events(id).at(-1) ?? {},
  }),
);
