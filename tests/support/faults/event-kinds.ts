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

/**
 * By default an update that is accepted, and current in the end.
 * @param events in the order in which they are handled; the last one is tried
 */
const kind = (
  name: string,
  events: (id: string) => readonly Envelope[],
  more: Partial<Pick<EventKind, 'key' | 'fault' | 'ends' | 'current'>> = {},
): EventKind => ({
  name,
  key: 'status-updater',
  ends: 'accepted',
  current: events('').length - 1,
  before: (id) => events(id).slice(0, -1),
  event: (id) => events(id).at(-1) ?? {},
  ...more,
});

export const EVENT_KINDS: readonly EventKind[] = [
  kind('a new shipment', (id) => [created(id)], { key: 'shipment-processor' }),
  kind('an update', (id) => [created(id), update(id, 1, 'in_transit')]),
  kind('a delivery, which notifies', (id) => [delivered(id)]),
  kind(
    'a late failure, superseded, which notifies',
    (id) => [update(id, 0, 'delivered', { timestamp: START + 5 * MINUTE_MS }), update(id, 1, 'failed')],
    { current: 0 },
  ),
  kind('an open event after a closing one, hidden', (id) => [delivered(id), update(id, 1, 'in_transit')], {
    current: 0,
  }),
  kind('a correction, which notifies', (id) => [delivered(id), correction(id, 1, 'in_transit')]),
  kind(
    'a correction that voids one event alone',
    (id) => [delivered(id), update(id, 1, 'in_transit'), correction(id, 2, 'pending', { timestamp: START })],
    { current: 1 },
  ),
  kind('a failure after a correction, which notifies', (id) => [
    correction(id, 0, 'in_transit'),
    update(id, 1, 'failed'),
  ]),
  kind('a duplicate', (id) => [delivered(id), delivered(id)]),
  kind('an invalid event', (id) => [unknownStatus(id)], { ends: 'rejected' }),
  kind('a conflict', (id) => [delivered(id), update(id, 0, 'delivered', { metadata: { carrier: 'AlpenCargo' } })], {
    ends: 'conflict',
  }),
  kind('a delivery while SNS is down', (id) => [delivered(id)], { fault: down('sns') }),
  kind('a delivery while DynamoDB is down', (id) => [delivered(id)], { fault: down('dynamodb') }),
  kind('an invalid event while the error table is down', (id) => [unknownStatus(id)], {
    fault: ({ label }) => (label.endsWith(errorTable) ? 'answers 500' : undefined),
    ends: 'rejected',
  }),
  kind('an invalid event while the bus is down', (id) => [unknownStatus(id)], {
    fault: down('events'),
    ends: 'rejected',
  }),
  kind(
    'an invalid event while the bus refuses entries',
    (id) => [{ ...unknownStatus(id), 'detail-type': 'Shipment Created' }],
    {
      key: 'shipment-processor',
      fault: ({ service }) => (service === 'events' ? 'entry refused' : undefined),
      ends: 'rejected',
    },
  ),
  kind('a critical error event', (id) => [critical(id)], { key: 'notification-handler', ends: 'notified' }),
  kind(
    'a critical error event that finds no place, and sends the summary',
    (id) => [
      ...Array.from({ length: ALERTS_A_MINUTE.ofOneType }, (_, n) => critical(`before-${n}-${id}`)),
      critical(id),
    ],
    { key: 'notification-handler', ends: 'summarized' },
  ),
  kind(
    'an announcement of our own failure',
    (id) => [{ ...errorEvent(id, 'Event Failed', announcedBy(id)), source: 'logistics.pipeline' }],
    { key: 'notification-handler', ends: 'notified' },
  ),
  kind('an announcement as earlier versions made it', (id) => [errorEvent(id, 'Processing Error', announcedBy(id))], {
    key: 'notification-handler',
    ends: 'notified',
  }),
  kind('an error event while SNS is down', (id) => [errorEvent(id, 'Processing Error')], {
    key: 'notification-handler',
    fault: down('sns'),
    ends: 'notified',
  }),
];
