import { spanOf } from '../../../../cli/commands/replay';
import { readFailureMessage } from '../../../../cli/messages/dead-letter-message';
import { sanitize } from '../../../../cli/terminal/output';
import { anEnvelope } from '../../../support/builders/events';

const message = (body: unknown, more = {}) => ({
  MessageId: 'm-1',
  ReceiptHandle: 'r-1',
  Attributes: { SentTimestamp: '1772438400000' },
  Body: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
});

describe('a message in a dead-letter queue', () => {
  it('that Lambda put there carries the event in its record', () => {
    const record = {
      version: '1.0',
      timestamp: '2026-03-02T08:05:00.000Z',
      requestContext: { requestId: 'r', functionArn: 'arn', condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: anEnvelope(),
      responseContext: { statusCode: 200, functionError: 'Unhandled' },
      responsePayload: { errorType: 'Rejected', errorMessage: 'detail.status is missing' },
    };
    expect(readFailureMessage(message(record))).toEqual({
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

  it.each(['', 'no JSON', '[]', '"text"', 'null', '{}', '{"detail-type": 7, "detail": {}}'])(
    'that is neither (%j) is left alone, and its body kept',
    (body) => {
      expect(readFailureMessage(message(body))).toMatchObject({ unreadable: expect.any(String), event: body });
    },
  );

  it.each([
    ['{"detail-type":"t","detail":{"lines":[{"value":1e400}]}}', 'detail.lines[0].value is 1e400'],
    [
      '{"requestContext":{},"requestPayload":{"detail":{"sscc":340123450000000016}}}',
      'requestPayload.detail.sscc is 3401',
    ],
    ['{"detail-type":"t","detail":{"status":"failed","status":"delivered"}}', 'detail.status is there twice'],
  ])('with a part that would be redriven as another (%s) is left alone, and its body kept', (body, part) => {
    expect(readFailureMessage(message(body))).toMatchObject({
      unreadable: expect.stringContaining(`it cannot be redriven unchanged: ${part}`),
      event: body,
    });
  });

  it('that names a discarded batch of status changes says how to publish them', () => {
    const record = {
      requestContext: { condition: 'RecordAgeExceeded' },
      DDBStreamBatchInfo: { batchSize: 7, approximateArrivalOfFirstRecord: '2026-03-02T08:05:00Z' },
    };
    expect(readFailureMessage(message(record))).toMatchObject({
      unreadable:
        '7 status changes since 2026-03-02T08:05:00Z were not published (RecordAgeExceeded): republish --since some hours before, then discard this',
    });
  });

  it.each([{}, { requestPayload: null }])('whose event Lambda left out (%j) is to be replayed', (payload) => {
    const record = {
      timestamp: '2026-03-02T08:05:00.000Z',
      requestContext: { condition: 'RetriesExhausted' },
      ...payload,
    };
    expect(readFailureMessage(message(record))).toMatchObject({
      unreadable:
        'Lambda left the event out of its record (RetriesExhausted), as it may near 1 MiB: replay the six hours before 2026-03-02T08:05:00.000Z, then discard this',
      event: JSON.stringify(record),
    });
  });
});

describe('what producers sent', () => {
  it.each(['\u001b[2J', '\u0007', 'a\nb', '\u202eevil', '\u009b31m'])('does not steer a terminal (%j)', (text) => {
    expect(sanitize(text)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('the span of a replay', () => {
  it.each([
    ['yesterday', '2026-03-02T00:00:00Z', '--from is "yesterday": give a time like'],
    ['2026-03-01T00:00:00Z', '2026-03-02', '--to is "2026-03-02": give a time like'],
    ['2026-03-02T00:00:00Z', '2026-03-02T00:00:00Z', 'is not before --to'],
  ])('%s to %s is refused with the option’s name', (from, to, problem) => {
    expect(() => spanOf(from, to)).toThrow(problem);
  });
});
