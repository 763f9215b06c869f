/** Messages of the functions against the published schemas. */
import { announcedFailure } from '../../../contracts/error-fields';
import { errorMessage, type Message, shipmentMessage } from '../../../src/domain/messages';
import { aCorrection, aShipmentEvent } from '../../support/builders/events';
import { asJson, draft07, published, validatorOf } from './validators';

/** Problems of a message's body by the committed schema; none when it is valid. */
function complaints(title: string, body: string) {
  const validate = validatorOf(title);
  validate(JSON.parse(body));
  return validate.errors ?? [];
}

const tooMuch = { note: 'x'.repeat(300_000) };

/** The shipment's status is the event's. */
const asItself = { current: 'delivered', superseded: false } as const;

const anError = (detail: object): Message =>
  errorMessage(
    { time: Date.UTC(2026, 2, 2), detailType: 'Processing Error', detail },
    { error_message: 'Scanner 14 could not read the label' },
    false,
    'test',
  );

it.each([
  ['an ordinary one', {}],
  ['one with metadata of any kind', { carrier: 'NordFreight', parcels: [{ fragile: true }] }],
  ['one whose metadata had to be cut', tooMuch],
])('a shipment notification is valid: %s', (_, metadata) => {
  const message = shipmentMessage(aShipmentEvent({ status: 'delivered', metadata }), 'test', asItself);

  expect(complaints('Shipment Notification', message.body)).toEqual([]);
  expect(draft07().compile(asJson(published('Shipment Notification').headers))(message.attributes)).toBe(true);
});

it.each([
  ['with all its fields', { corrected_by: 'desk 2', corrects: 'e-1' }],
  ['to a status that notifies by itself', { status: 'failed' as const }],
  ['one whose metadata had to be cut', { metadata: tooMuch }],
])('a correction notification is valid: %s', (_, correction) => {
  const message = shipmentMessage(aCorrection(correction), 'test', { current: 'delivered', superseded: true });

  expect(complaints('Correction Notification', message.body)).toEqual([]);
  expect(draft07().compile(asJson(published('Correction Notification').headers))(message.attributes)).toBe(true);
});

it.each([
  ['an ordinary one', { hall: 3 }],
  ['one whose details had to be cut', tooMuch],
])('an error notification is valid: %s', (_, detail) => {
  expect(complaints('Error Notification', anError(detail).body)).toEqual([]);
});

it('an announced failure has a published field for each that is sent', () => {
  expect(Object.keys(published('Announced Failure').payload.properties ?? {})).toEqual(
    Object.keys(announcedFailure.entries),
  );
});
