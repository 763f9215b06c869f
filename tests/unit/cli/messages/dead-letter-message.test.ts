import { readFailureMessage } from '../../../../cli/messages/dead-letter-message';
import { anEnvelope } from '../../../support/builders/events';

const message = (body: string | object, more = {}) => ({
  MessageId: 'm-1',
  ReceiptHandle: 'r-1',
  Attributes: { SentTimestamp: '1772438400000' },
  Body: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
});

const record = (condition: string, more: object) => ({
  timestamp: '2026-03-02T08:05:00.000Z',
  requestContext: { requestId: 'r', condition },
  ...more,
});

describe('a message in a dead-letter queue', () => {
  it('that Lambda put there carries the event in its record', () => {
    const responsePayload = { errorType: 'Rejected', errorMessage: 'detail.status is missing' };
    const body = record('RetriesExhausted', { requestPayload: anEnvelope(), responsePayload });
    expect(readFailureMessage(message(body))).toEqual({
      messageId: 'm-1',
      receiptHandle: 'r-1',
      arrivedAt: 1_772_438_400_000,
      route: 'retries exhausted',
      event: anEnvelope(),
      reason: 'RetriesExhausted: detail.status is missing',
    });
  });

  it('that EventBridge put there is the event, and says why in its attributes', () => {
    const MessageAttributes = {
      ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' },
      ERROR_MESSAGE: { DataType: 'String', StringValue: 'not authorized to invoke' },
    };
    expect(readFailureMessage(message(anEnvelope(), { MessageAttributes }))).toMatchObject({
      route: 'undeliverable',
      event: anEnvelope(),
      reason: 'NO_PERMISSIONS: not authorized to invoke',
    });
  });

  const leftOut =
    'Lambda left the event out of its record (RetriesExhausted), as it may near 1 MiB: replay the six hours before 2026-03-02T08:05:00.000Z, then discard this';
  const unpublished =
    '7 status changes since 2026-03-02T08:05:00Z were not published (RecordAgeExceeded): republish --since some hours before, then discard this';

  it.each<[what: string, body: string | object, unreadable: string]>([
    ['no text', '', 'its body is no JSON object'],
    ['no JSON', 'no JSON', 'its body is no JSON object'],
    ['no object', '[]', 'its body is no JSON object'],
    ['neither', '{}', 'it is neither a record of Lambda nor an event'],
    ['no detail-type', { 'detail-type': 7, detail: {} }, 'it is neither a record of Lambda nor an event'],
    [
      'a number that would be redriven as another',
      '{"requestContext":{},"requestPayload":{"detail":{"sscc":340123450000000016}}}',
      'it cannot be redriven unchanged: requestPayload.detail.sscc is 340123450000000016, which is read as 340123450000000000: send it as a string',
    ],
    ['no payload', record('RetriesExhausted', {}), leftOut],
    ['null for a payload', record('RetriesExhausted', { requestPayload: null }), leftOut],
    [
      'a discarded batch of status changes',
      record('RecordAgeExceeded', {
        DDBStreamBatchInfo: { batchSize: 7, approximateArrivalOfFirstRecord: '2026-03-02T08:05:00Z' },
      }),
      unpublished,
    ],
  ])('that is or has %s says so, and keeps its body', (_, body, unreadable) => {
    const { Body } = message(body);
    expect(readFailureMessage(message(body))).toMatchObject({ unreadable, event: Body });
  });
});
