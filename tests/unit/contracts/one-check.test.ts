/** `send` and the client package refuse, before sending, each event that its function would refuse, with the same message. */
import { checkedEvent } from '../../../cli/send/checked-event';
import type { EventContract } from '../../../contracts/define-event';
import { contract as criticalError } from '../../../contracts/events/notification-handler/critical-error';
import { contract as processingError } from '../../../contracts/events/notification-handler/processing-error';
import { contract as shipmentStatusUpdated } from '../../../contracts/events/status-updater/shipment-status-updated';
import { checkEvent, type LogisticsEvent } from '../../../publisher/events';
import type { JsonObject } from '../../../src/domain/json';
import { rejectionOf } from './handled';

/** The problem that each of the three finds in a detail; undefined when it accepts the detail. */
function problemsOf(detail: JsonObject, { source, detailType }: EventContract = shipmentStatusUpdated) {
  const event = { source, 'detail-type': detailType, detail };
  const checked = checkEvent({ detailType, detail } as unknown as LogisticsEvent);
  return {
    function: rejectionOf(detailType === shipmentStatusUpdated.detailType ? 'status-updater' : 'notification-handler', {
      ...event,
      id: 'e',
      time: new Date().toISOString(),
    }),
    send: problemOfSend(event),
    package: 'problems' in checked ? checked.problems.join('; ') : undefined,
  };
}

function problemOfSend(event: JsonObject): string | undefined {
  try {
    checkedEvent(event, { busName: 'b', byContract: true, now: Date.now });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

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
])('is refused by all three (%#)', (json, reason) => {
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
