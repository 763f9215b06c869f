/** Messages of the functions against the published schemas. */
import { readFileSync } from 'node:fs';
import { announcedFailure } from '../../../contracts/error-fields';
import { errorMessage, type Message, shipmentMessage } from '../../../src/domain/messages';
import { PUBLISHED, versionedName } from '../../../tools/generate/published';
import { aCorrection, aShipmentEvent } from '../../support/builders/events';
import { asJson, draft07, draft2020 } from './validators';

const published = (name: string) => {
  const found = PUBLISHED.find((it) => it.name === name);
  if (!found) throw new Error(`${name} is not published`);
  return found;
};

/** Problems of a message's body by the committed schema; none when it is valid. */
function complaints(name: string, body: string) {
  const validate = draft2020().compile(
    JSON.parse(readFileSync(`docs/contracts/${versionedName(published(name))}.schema.json`, 'utf8')),
  );
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

  expect(complaints('shipment-notification', message.body)).toEqual([]);
  expect(draft07().compile(asJson(published('shipment-notification').headers))(message.attributes)).toBe(true);
});

it.each([
  ['with all its fields', { corrected_by: 'desk 2', corrects: 'e-1' }],
  ['to a status that notifies by itself', { status: 'failed' as const }],
  ['one whose metadata had to be cut', { metadata: tooMuch }],
])('a correction notification is valid: %s', (_, correction) => {
  const message = shipmentMessage(aCorrection(correction), 'test', { current: 'delivered', superseded: true });

  expect(complaints('correction-notification', message.body)).toEqual([]);
  expect(draft07().compile(asJson(published('correction-notification').headers))(message.attributes)).toBe(true);
});

it.each([
  ['an ordinary one', { hall: 3 }],
  ['one whose details had to be cut', tooMuch],
])('an error notification is valid: %s', (_, detail) => {
  expect(complaints('error-notification', anError(detail).body)).toEqual([]);
});

it('a notification without one of its fields is not valid', () => {
  const { body } = shipmentMessage(aShipmentEvent({ status: 'failed' }), 'test', asItself);
  const { shipment_id, ...rest } = JSON.parse(body);

  expect(complaints('shipment-notification', JSON.stringify(rest))).toHaveLength(1);
});

it('an announced failure has a published field for each that is sent', () => {
  expect(Object.keys(published('announced-failure').payload.properties ?? {})).toEqual(
    Object.keys(announcedFailure.entries),
  );
});
