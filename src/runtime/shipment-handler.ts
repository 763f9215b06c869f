import type { DetailOf, EventContract } from '../../contracts/define-event';
import { attemptsOf, type ShipmentFunctionKey } from '../../contracts/functions';
import { announceOn } from '../adapters/error-bus';
import { errorTable } from '../adapters/error-table';
import { eventLog, logKey } from '../adapters/event-log';
import { notificationState } from '../adapters/notification-state';
import { shipments } from '../adapters/shipments';
import { publishTo } from '../adapters/topic';
import { recordFailure } from '../application/record-failure';
import { type Recorded, recordShipmentEvent } from '../application/record-shipment-event';
import type { Failure } from '../domain/failure-row';
import type { Message } from '../domain/messages';
import { type ShipmentDetail, type ShipmentEvent, shipmentEventOf } from '../domain/shipment-event';
import { eventBridge } from './aws-clients';
import { readEnvironment } from './environment';
import { type Invocation, recordingSignal } from './invocation';
import { type Outside, primable } from './prime';

/** The contracts whose detail is that of a shipment event. */
type ShipmentContract<C extends EventContract> = C extends EventContract
  ? DetailOf<C> extends ShipmentDetail
    ? C
    : never
  : never;

interface ShipmentHandler<C extends EventContract> {
  readonly key: ShipmentFunctionKey;
  readonly contracts: readonly ShipmentContract<C>[];
  readonly ordinary: ShipmentContract<C>;
  /** The result's body. */
  answer(event: ShipmentEvent, recorded: Recorded): Readonly<Record<string, unknown>>;
}

/** The handler of a function that records shipment events; such functions differ in their contracts and results. */
export function shipmentHandler<C extends EventContract>({ key, contracts, ordinary, answer }: ShipmentHandler<C>) {
  const env = readEnvironment(key);

  const portsOf = ({ db, sns, telemetry }: Outside, { lease, signal, now }: Invocation) => ({
    environment: env.ENVIRONMENT,
    lease,
    now,
    observer: telemetry,
    ...eventLog(db, env.SHIPMENT_EVENTS_TABLE, Number(env.EVENT_RETENTION_DAYS), signal),
    ...shipments(db, env.SHIPMENTS_TABLE, signal),
    notificationStateOf: (event: ShipmentEvent) => {
      const row = {
        table: env.SHIPMENT_EVENTS_TABLE,
        key: logKey(event),
        leaseName: 'lease',
        notifiedName: 'notified_at',
      };
      return notificationState(db, { ...row, lease }, now, signal);
    },
    publish: (message: Message) => publishTo(sns(), env.PROCESSING_TOPIC_ARN, message, signal),
  });

  return primable({ key, environment: env.ENVIRONMENT, contracts, ordinary }, (outside) => ({
    async run({ envelope, detail }, invocation) {
      const event = shipmentEventOf(envelope, detail as ShipmentDetail, invocation.now());
      return answer(event, await recordShipmentEvent(event, portsOf(outside, invocation)));
    },
    recordFailure(failure: Failure) {
      const signal = recordingSignal();
      return recordFailure(failure, {
        maxAttempts: attemptsOf(key),
        ...errorTable(outside.db, env.ERROR_EVENTS_TABLE, Date.now, signal),
        announce: (announced) => announceOn(eventBridge(), env.EVENT_BUS_NAME, announced, signal),
      });
    },
  }));
}
