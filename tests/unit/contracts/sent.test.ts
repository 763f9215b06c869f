/** The functions' messages, validated by the published schemas. */
import { announcedFailure } from '../../../contracts/error-fields';
import { errorMessage, shipmentMessage } from '../../../src/domain/messages';
import { aCorrection, aShipmentEvent } from '../../support/builders/events';
import { asJson, draft07, published, validatorOf } from './validators';

/** Errors of a message's body by the committed schema; none when it is valid. */
function errorsOf(title: string, body: string) {
  const validate = validatorOf(title);
  validate(JSON.parse(body));
  return validate.errors ?? [];
}

const tooMuch = { note: 'x'.repeat(300_000) };

it.each([
  ['without metadata', {}],
  ['with nested metadata', { carrier: 'NordFreight', parcels: [{ fragile: true }] }],
  ['with metadata that had to be cut', tooMuch],
])('a shipment notification %s is valid', (_, metadata) => {
  const event = aShipmentEvent({ status: 'delivered', metadata });
  const message = shipmentMessage(event, 'test', { current: 'delivered', superseded: false });

  expect(errorsOf('Shipment Notification', message.body)).toEqual([]);
  expect(draft07().compile(asJson(published('Shipment Notification').headers))(message.attributes)).toBe(true);
});

it.each([
  ['with all its fields', { corrected_by: 'desk 2', corrects: 'e-1' }],
  ['to a status that notifies by itself', { status: 'failed' as const }],
  ['with metadata that had to be cut', { metadata: tooMuch }],
])('a correction notification %s is valid', (_, correction) => {
  const message = shipmentMessage(aCorrection(correction), 'test', { current: 'delivered', superseded: true });

  expect(errorsOf('Correction Notification', message.body)).toEqual([]);
  expect(draft07().compile(asJson(published('Correction Notification').headers))(message.attributes)).toBe(true);
});

it.each([
  ['with details', { hall: 3 }],
  ['with details that had to be cut', tooMuch],
])('an error notification %s is valid', (_, detail) => {
  const envelope = { time: Date.UTC(2026, 2, 2), detailType: 'Processing Error', detail };
  const { body } = errorMessage(envelope, { error_message: 'The label is unreadable' }, false, 'test');

  expect(errorsOf('Error Notification', body)).toEqual([]);
});

it('the published schema of an announced failure has every field that is sent', () => {
  expect(Object.keys(published('Announced Failure').payload.properties ?? {})).toEqual(
    Object.keys(announcedFailure.entries),
  );
});
