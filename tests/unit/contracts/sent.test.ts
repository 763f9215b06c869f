/** The functions' messages, validated by the published schemas. */
import { announcedFailure } from '../../../contracts/error-fields';
import type { JsonObject } from '../../../src/domain/json';
import { errorMessage, type Message, shipmentMessage, stalledMessage } from '../../../src/domain/messages';
import type { ShipmentEvent } from '../../../src/domain/shipment-event';
import { aCorrection, aShipmentEvent } from '../../support/builders/events';
import { asJson, draft07, published, validatorOf } from './validators';

const NOW = { current: 'delivered', superseded: true } as const;
const TOO_MUCH = { note: 'x'.repeat(300_000) };

const shipment = (metadata: JsonObject) =>
  shipmentMessage(aShipmentEvent({ status: 'delivered', metadata }), 'test', NOW);

const correction = (overrides: Partial<ShipmentEvent>) => shipmentMessage(aCorrection(overrides), 'test', NOW);

const error = (detail: JsonObject) => {
  const envelope = { time: Date.UTC(2026, 2, 2), detailType: 'Processing Error', detail };
  return errorMessage(envelope, { error_message: 'The label is unreadable' }, false, 'test');
};

const stalled = { shipment_id: 'SHP-1', status: 'in_transit', since: '2026-03-02T08:00:00Z', days: 3 } as const;

it.each<[title: string, what: string, message: Message]>([
  ['Shipment Notification', 'without metadata', shipment({})],
  ['Shipment Notification', 'with nested metadata', shipment({ carrier: 'X', parcels: [{ fragile: true }] })],
  ['Shipment Notification', 'with metadata that had to be cut', shipment(TOO_MUCH)],
  ['Correction Notification', 'with all its fields', correction({ corrected_by: 'desk 2', corrects: 'e-1' })],
  ['Correction Notification', 'to a status that notifies by itself', correction({ status: 'failed' })],
  ['Correction Notification', 'with metadata that had to be cut', correction({ metadata: TOO_MUCH })],
  ['Stalled Notification', 'of an open shipment', stalledMessage({ ...stalled, event_id: 'e-1' }, 'test')],
  ['Error Notification', 'with details', error({ hall: 3 })],
  ['Error Notification', 'with details that had to be cut', error(TOO_MUCH)],
])('the message %s %s is valid', (title, _, { body, attributes }) => {
  const validate = validatorOf(title);
  validate(JSON.parse(body));

  expect(validate.errors).toBeNull();
  const { headers } = published(title);
  if (headers) expect(draft07().compile(asJson(headers))(attributes)).toBe(true);
});

it('the published schema of an announced failure has every field that is sent', () => {
  expect(Object.keys(published('Announced Failure').payload.properties ?? {})).toEqual(
    Object.keys(announcedFailure.entries),
  );
});
