import { readFailureMessage } from '../../../../cli/messages/dead-letter-message';
import { anEnvelope } from '../../../support/builders/events';

const message = (body: string | object, attributes = {}) => ({
  MessageId: 'm-1',
  ReceiptHandle: 'r-1',
  Attributes: { SentTimestamp: '1772438400000' },
  Body: typeof body === 'string' ? body : JSON.stringify(body),
  ...attributes,
});

const record = (condition: string, fields: object) => ({
  timestamp: '2026-03-02T08:05:00.000Z',
  requestContext: { requestId: 'r', condition },
  ...fields,
});

describe('readFailureMessage', () => {
  it('reads the event in a record of Lambda', () => {
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

  it('reads an event of EventBridge, with the reason in the message attributes', () => {
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

  it.each<[message: string, body: string | object, unreadable: string]>([
    ['an empty body', '', 'its body is no JSON object'],
    ['a body that is no JSON', 'no JSON', 'its body is no JSON object'],
    ['a body that is no object', '[]', 'its body is no JSON object'],
    ['an object of another kind', '{}', 'it is neither a record of Lambda nor an event'],
    [
      'an event without a detail-type',
      { 'detail-type': 7, detail: {} },
      'it is neither a record of Lambda nor an event',
    ],
    [
      'a number that a redrive would change',
      '{"requestContext":{},"requestPayload":{"detail":{"sscc":340123450000000016}}}',
      'it cannot be redriven unchanged: requestPayload.detail.sscc is 340123450000000016, which is read as 340123450000000000: send it as a string',
    ],
    ['a record without a payload', record('RetriesExhausted', {}), leftOut],
    ['a record with null as its payload', record('RetriesExhausted', { requestPayload: null }), leftOut],
    [
      'a discarded batch of status changes',
      record('RecordAgeExceeded', {
        DDBStreamBatchInfo: { batchSize: 7, approximateArrivalOfFirstRecord: '2026-03-02T08:05:00Z' },
      }),
      unpublished,
    ],
  ])('marks %s as unreadable, and keeps the body', (_, body, unreadable) => {
    const { Body } = message(body);
    expect(readFailureMessage(message(body))).toMatchObject({ unreadable, event: Body });
  });
});
