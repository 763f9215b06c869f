/** `send` and the client package refuse, before sending, each event that its function would refuse, with the same message. */
import { checkedEvent } from '../../../cli/send/checked-event';
import { type EventContract, parseDetail } from '../../../contracts/define-event';
import { contract as criticalError } from '../../../contracts/events/notification-handler/critical-error';
import { contract as processingError } from '../../../contracts/events/notification-handler/processing-error';
import { contract as shipmentStatusUpdated } from '../../../contracts/events/status-updater/shipment-status-updated';
import { checkEvent, type LogisticsEvent } from '../../../publisher/events';
import { readEnvelope } from '../../../src/domain/envelope';
import type { JsonObject } from '../../../src/domain/json';
import { type ShipmentDetail, shipmentEventOf } from '../../../src/domain/shipment-event';

/** The problem that a check returns, or the message that it throws. */
const problemOf = (check: () => string | undefined) => {
  try {
    return check();
  } catch (error) {
    return (error as Error).message;
  }
};

/** The problem that each of the three finds in a detail; undefined when it accepts the detail. */
const problemsOf = (detail: JsonObject, contract: EventContract = shipmentStatusUpdated) => ({
  function: problemOf(() => {
    const time = new Date().toISOString();
    const { source, detailType } = contract;
    const envelope = readEnvelope({ id: 'e', source, 'detail-type': detailType, time, detail });
    const parsed = parseDetail(contract, detail);
    if (!parsed.ok) return parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; ');
    if (contract === shipmentStatusUpdated)
      shipmentEventOf(envelope, parsed.detail as unknown as ShipmentDetail, Date.now());
    return undefined;
  }),
  send: problemOf(() => {
    const event = { source: contract.source, 'detail-type': contract.detailType, detail };
    checkedEvent(event, { busName: 'b', byContract: true, now: Date.now });
    return undefined;
  }),
  package: problemOf(() => {
    const checked = checkEvent({ detailType: contract.detailType, detail } as unknown as LogisticsEvent);
    return 'problems' in checked ? checked.problems.join('; ') : undefined;
  }),
});

const NESTED = `${'['.repeat(40)}${']'.repeat(40)}`;

it.each([
  ['{"metadata":{"n":1e-200}}', 'detail.metadata.n is 1e-200, outside the numbers DynamoDB holds: send it as a string'],
  ['{"note":"\\ud83d"}', 'detail.note holds half a surrogate pair: send well-formed Unicode'],
  ['{"metadata":{"\\ud83d":1}}', 'a key of detail.metadata holds half a surrogate pair: send well-formed Unicode'],
  ['{"occurred_at":"1999-12-31T23:59:59Z"}', 'detail.occurred_at is before the year 2000: send the time of the event'],
  ['{"occurred_at":"2099-01-01T00:00:00Z"}', 'detail.occurred_at is more than 15 minutes in the future: check'],
  [`{"metadata":{"deep":${NESTED}}}`, 'detail is nested deeper than 30 levels: flatten it'],
  ['{"metadata":{"":1}}', 'detail.metadata has a key "", which cannot be stored: rename it'],
  ['{"metadata":{"__proto__":1}}', 'detail.metadata has a key "__proto__", which cannot be stored: rename it'],
  [`{"metadata":{"x":"${'x'.repeat(450_000)}"}}`, 'detail.metadata takes more than the 400 KB that can be stored of'],
  ['{"status":"lost"}', 'detail.status must be one of pending, '],
])('is refused by all three: %.80s', (json, reason) => {
  const detail = {
    shipment_id: 'SHP-1',
    status: 'failed',
    event_id: 'e-1',
    occurred_at: '2026-03-02T08:00:00Z',
    ...JSON.parse(json),
  };

  expect(problemsOf(detail)).toMatchObject({
    function: expect.stringContaining(reason),
    send: expect.stringContaining(reason),
    // The package refuses every field that the contract does not name.
    package: expect.stringContaining('note' in detail ? 'detail.note is no field of' : reason),
  });
});

describe('an error event with half a surrogate pair', () => {
  const good = { error_type: 'label_unreadable', error_message: 'Scanner 14' };

  it.each<[detail: object, place: string]>([
    [{ ...good, error_type: 'x\ud83d' }, 'detail.error_type'],
    [{ ...good, error_message: '\ude00x' }, 'detail.error_message'],
    [{ ...good, hall: [{ note: '\ud83d' }] }, 'detail.hall[0].note'],
    [{ ...good, hall: { '\ud83d': 1 } }, 'a key of detail.hall'],
  ])('is refused before it is sent, but not by its function, where it would be lost: %j', (detail, place) => {
    const found = `${place} holds half a surrogate pair: send well-formed Unicode`;
    for (const contract of [criticalError, processingError])
      expect(problemsOf(detail as JsonObject, contract)).toEqual({ function: undefined, send: found, package: found });
  });
});

it('accepts an error event with numbers, keys and nesting that a shipment event may not have', () => {
  const detail = { error_type: 'x', error_message: '😀', n: 1e-200, '': JSON.parse(NESTED) };

  expect(problemsOf(detail, processingError)).toEqual({ function: undefined, send: undefined, package: undefined });
});
