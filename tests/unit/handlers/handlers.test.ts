import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand } from '@aws-sdk/client-sns';
import { EVENT_FUNCTION_KEYS, type EventFunctionKey } from '../../../contracts/functions';
import { errorMessage } from '../../../src/domain/messages';
import type { LambdaHandler } from '../../../src/runtime/event-handler';
import { anEnvelope } from '../../support/builders/events';
import {
  db,
  events,
  everythingWorks,
  inTheLog,
  laterStatus,
  loadHandlers,
  recordedStatus,
  sns,
  statusRow,
} from '../../support/builders/handlers';
import { aContext, conditionFailed } from '../../support/builders/lambda';

let handlers: Record<EventFunctionKey, LambdaHandler>;

beforeAll(async () => {
  handlers = await loadHandlers({ POWERTOOLS_METRICS_DISABLED: 'true' });
});

beforeEach(everythingWorks);

const run = (key: EventFunctionKey, input: unknown, context = aContext()) => handlers[key](input, context);

const resultOf = async (key: EventFunctionKey, input: unknown) => JSON.parse((await run(key, input)).body);

const created = (detail: Record<string, unknown> = {}) =>
  anEnvelope({ 'detail-type': 'Shipment Created' }, { status: undefined, ...detail });

const puts = () => db.commandCalls(PutItemCommand).map(({ args }) => args[0].input);

const messages = () => sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);

/** The error rows written, by their key. */
const errorRows = () =>
  db
    .commandCalls(UpdateItemCommand)
    .map(({ args }) => args[0].input)
    .filter(({ TableName }) => TableName === 'errors');

const announcements = () => events.commandCalls(PutEventsCommand).flatMap(({ args }) => args[0].input.Entries ?? []);

/** Calls to DynamoDB, SNS and EventBridge. */
const callsMade = () => [db, sns, events].map((client) => client.calls().length);

/** The stored hash of the event that was handled first. */
const storedHash = () => puts()[0]?.Item?.['payload_hash']?.S ?? '';

describe('the shipment processor', () => {
  // The rows' other attributes are compared with those of earlier versions in compatibility.test.ts.
  it('records a shipment with two writes', async () => {
    const result = await resultOf('shipment-processor', created({ metadata: { origin: 'Porto' } }));

    expect(result).toEqual({ event_id: 'envelope-1', shipment_id: 'SHP-1', status: 'processed' });
    const [log, status] = puts();
    expect(log?.Item?.['process_result']).toMatchObject({
      M: { validations: { L: [{ S: 'status_valid' }, { S: 'origin_present' }] } },
    });
    expect(log?.Item).not.toHaveProperty('lease');
    expect(Object.keys(status?.Item ?? {})).toEqual(['shipment_id', 'status', 'timestamp', 'event_id', 'version']);
    expect(callsMade()).toEqual([2, 0, 0]);
  });

  it('returns duplicate for the same event with null for absent fields and its instant written differently', async () => {
    const identity = { event_id: 'e-1', occurred_at: '2026-03-02T11:12:07.431+01:00' };
    await run('shipment-processor', created({ ...identity, metadata: { origin: 'Lyon' } }));
    inTheLog(storedHash());
    const again = { ...identity, occurred_at: '2026-03-02T10:12:07.4310Z', status: null };

    const result = await resultOf(
      'shipment-processor',
      created({ ...again, metadata: { origin: 'Lyon', carrier: null } }),
    );

    expect(result).toMatchObject({ event_id: 'e-1', status: 'duplicate' });
  });
});

describe('the status updater', () => {
  it('returns the recorded status as old_status when the producer sends none', async () => {
    recordedStatus('pending');

    expect(await resultOf('status-updater', anEnvelope())).toEqual({
      shipment_id: 'SHP-1',
      new_status: 'in_transit',
      old_status: 'pending',
      updated: true,
      result: { event_id: 'envelope-1', updated: true, timestamp: Date.UTC(2026, 2, 2, 8) },
    });
  });

  it('returns updated: false for a superseded event', async () => {
    laterStatus('delivered');

    expect(await resultOf('status-updater', anEnvelope())).toMatchObject({ old_status: 'delivered', updated: false });
  });

  it('notifies with four calls: log with a lease, status, publish, mark', async () => {
    await run('status-updater', anEnvelope({}, { status: 'delivered', metadata: { carrier: 'NordFreight' } }));

    expect(puts()[0]?.Item?.['lease']?.S).toMatch(/^\d{13}#request-1$/);
    expect(JSON.parse(messages()[0]?.Message ?? '')).toMatchObject({ metadata: { carrier: 'NordFreight' } });
    expect(messages()[0]).toMatchObject({
      TopicArn: 'arn:processing',
      MessageAttributes: {
        status: { DataType: 'String', StringValue: 'delivered' },
        superseded: { DataType: 'String', StringValue: 'false' },
      },
    });
    const [mark] = db.commandCalls(UpdateItemCommand).map(({ args }) => args[0].input);
    expect(mark?.UpdateExpression).toBe('SET #notified = if_not_exists(#notified, :now) REMOVE #lease');
    expect(callsMade()).toEqual([3, 1, 0]);
  });

  it('records an event with notify: false without a notification', async () => {
    await run('status-updater', anEnvelope({}, { status: 'delivered', notify: false }));

    expect(puts()[0]?.Item).toMatchObject({ status: { S: 'delivered' }, notify: { BOOL: false } });
    expect(puts()[0]?.Item).not.toHaveProperty('lease');
    expect(callsMade()).toEqual([2, 0, 0]);
  });
});

describe('a correction', () => {
  const correction = (detail: Record<string, unknown> = {}) =>
    anEnvelope({ 'detail-type': 'Shipment Status Corrected' }, { reason: 'Scanned by mistake', ...detail });

  it('is recorded and notified whatever its status', async () => {
    recordedStatus('delivered');

    const result = await resultOf('status-updater', correction());

    expect(result).toMatchObject({ new_status: 'in_transit', old_status: 'delivered', updated: true });
    expect(puts()[0]?.Item).toMatchObject({ lease: { S: expect.any(String) } });
    expect(messages()[0]?.MessageAttributes).toMatchObject({ correction: { DataType: 'String', StringValue: 'true' } });
    expect(callsMade()).toEqual([3, 1, 0]);
  });

  it('that voids only one event returns the status of the event that becomes current', async () => {
    const mistaken = { ...statusRow({ status: 'delivered' }), hidden_event: { S: '0#0001772438460000#2#e-later' } };
    db.on(PutItemCommand, { TableName: 'shipments' })
      .rejectsOnce(conditionFailed(mistaken))
      .resolves({ Attributes: mistaken });

    expect(await resultOf('status-updater', correction())).toMatchObject({
      new_status: 'out_for_delivery',
      old_status: 'delivered',
      updated: true,
      result: { event_id: 'envelope-1' },
    });
    expect(puts()[2]?.Item).toMatchObject({
      event_id: { S: 'e-later' },
      last_correction: { S: '0#0001772438400000#1#envelope-1' },
    });
  });
});

describe('the notification handler', () => {
  const anError = (detail: Record<string, unknown> = {}, detailType = 'Processing Error') =>
    anEnvelope(
      { source: 'logistics.error', 'detail-type': detailType },
      { error_type: 'label_unreadable', error_message: 'cannot read', ...detail },
    );

  it.each([
    ['Processing Error', 'arn:processing', false, [2, 1, 0]],
    ['Critical Error', 'arn:alerts', true, [3, 1, 0]],
  ])('records a %s on its own row and publishes to %s', async (detailType, TopicArn, is_critical, calls) => {
    const result = await resultOf('notification-handler', anError({}, detailType));

    expect(result).toEqual({ processed: true, detail_type: detailType, is_critical });
    const envelope = { time: 0, detailType, detail: {} };
    const Subject = errorMessage(envelope, { error_message: '' }, is_critical, 'dev').subject;
    expect(messages()[0]).toMatchObject({ TopicArn, Subject });
    expect(errorRows()[0]?.Key).toEqual({
      error_id: { S: 'external/envelope-1' },
      timestamp: { N: String(Date.UTC(2026, 2, 2, 8)) },
    });
    expect(callsMade()).toEqual(calls);
  });

  const function_name = 'logistics-status-updater-dev';
  const announced = { function_name, error_id: `${function_name}/e`, error_timestamp: 7, error_type: 'rejected' };
  const Key = { error_id: { S: `${function_name}/e` }, timestamp: { N: '7' } };

  it('records an announcement of ours on the row that it names, with its own notification state', async () => {
    await run('notification-handler', { ...anError(announced, 'Event Failed'), source: 'logistics.pipeline' });

    expect(errorRows()[0]).toMatchObject({
      Key,
      ExpressionAttributeNames: { '#notified': 'event_failed_notified_at' },
    });
    expect(callsMade()).toEqual([2, 1, 0]);
  });

  describe('given an announcement of an earlier version, or a forgery', () => {
    it('writes nothing to the row that it names', async () => {
      await run('notification-handler', anError(announced));

      expect(db.commandCalls(GetItemCommand)[0]?.args[0].input.Key).toEqual(Key);
      expect(errorRows().map((row) => row.Key?.['error_id'])).toEqual(Array(2).fill({ S: 'external/envelope-1' }));
      expect(messages()).toHaveLength(1);
    });

    it('does not notify again when the earlier version has', async () => {
      db.on(GetItemCommand).resolves({ Item: { processing_error_notified_at: { S: 'then' } } });

      await run('notification-handler', anError(announced));

      expect(callsMade()).toEqual([1, 0, 0]);
    });

    it('waits while the earlier version is notifying', async () => {
      db.on(GetItemCommand).resolves({ Item: { processing_error_lease: { S: '9999999999999#other' } } });

      await expect(run('notification-handler', anError(announced))).rejects.toMatchObject({ name: 'InProgress' });
    });
  });

  it('postpones the summary without recording a failure when the alert topic is at its limit', async () => {
    db.on(UpdateItemCommand).callsFake((input) => {
      if (input.Key.error_id.S !== 'alerts') return { Attributes: {} };
      if (input.ConditionExpression?.includes('admitted')) throw conditionFailed();
      return { Attributes: { summarizer: { S: 'external/envelope-1' } } };
    });

    await expect(run('notification-handler', anError({}, 'Critical Error'))).rejects.toMatchObject({
      name: 'Postponed',
    });

    expect(messages()).toEqual([]);
    expect(errorRows().at(-1)).toMatchObject({
      Key: { error_id: { S: 'external/envelope-1' } },
      UpdateExpression: 'REMOVE #lease',
    });
  });

  it('does not notify twice', async () => {
    db.on(UpdateItemCommand).rejects(conditionFailed({ processing_error_notified_at: { S: 'then' } }));

    await run('notification-handler', anError());

    expect(messages()).toEqual([]);
  });

  it('records its failure without an event on the bus', async () => {
    sns.on(PublishCommand).rejects(new Error('SNS is down'));

    await expect(run('notification-handler', anError())).rejects.toThrow('SNS is down');

    expect(announcements()).toEqual([]);
    expect(errorRows().length).toBeGreaterThan(0);
  });
});

describe.each(EVENT_FUNCTION_KEYS)('%s', (key) => {
  it.each([
    ['null', null],
    ['an event without detail', anEnvelope({ detail: null })],
    ['an event of no contract', anEnvelope({ 'detail-type': 'Shipment Teleported' })],
  ])('rejects %s and records the failure', async (_, input) => {
    await expect(run(key, input)).rejects.toMatchObject({ name: 'Rejected' });

    expect(errorRows()).toHaveLength(key === 'notification-handler' ? 1 : 2);
    expect(errorRows()[0]?.ExpressionAttributeValues?.[':error_type']).toEqual({ S: 'rejected' });
    expect(announcements()).toHaveLength(key === 'notification-handler' ? 0 : 1);
  });
});

describe('a failed event', () => {
  const rejects = (input: unknown, message: string) => expect(run('status-updater', input)).rejects.toThrow(message);

  const unknownStatus = anEnvelope({}, { status: 'teleported' });

  it('is announced with the key of its row when it is rejected, and then marked', async () => {
    await rejects(unknownStatus, 'detail.status must be one of');

    expect(announcements()[0]).toMatchObject({ Source: 'logistics.pipeline', DetailType: 'Event Failed' });
    expect(JSON.parse(announcements()[0]?.Detail ?? '')).toEqual({
      error_id: 'logistics-status-updater-dev/envelope-1',
      error_timestamp: Date.UTC(2026, 2, 2, 8),
      function_name: 'logistics-status-updater-dev',
      error_type: 'rejected',
      error_message: expect.stringContaining('detail.status'),
      shipment_id: 'SHP-1',
      event_id: 'envelope-1',
    });
    expect(errorRows()[1]).toMatchObject({ ExpressionAttributeNames: { '#kind': 'rejected' } });
  });

  it('is rejected when DynamoDB cannot hold its item', async () => {
    const refused = Object.assign(new Error('Item size has exceeded'), { name: 'ValidationException' });
    db.on(PutItemCommand, { TableName: 'events' }).rejects(refused);

    await rejects(anEnvelope(), 'cannot be stored: Item size');
    expect(announcements()).toHaveLength(1);
  });

  it.each([
    [
      'names both senders',
      anEnvelope(),
      '111122223333',
      'event envelope-1 is already on record with another content (from account 111122223333; this one is from account 123456789012)',
    ],
    [
      'quotes an id that a shell would act on, and names no unknown sender',
      anEnvelope({ account: '$(id)' }, { event_id: 'e$(id>x)', occurred_at: '2026-03-02T08:00:00Z' }),
      undefined,
      "event 'e$(id>x)' is already on record with another content (from an unknown account; this one is from an unknown account)",
    ],
  ])('is a conflict when the log has different content; the error %s', async (_, input, recordedBy, message) => {
    inTheLog('1:other', recordedBy);

    await rejects(input, message);
    expect(announcements()[0]?.Detail).toContain('"error_type":"conflict"');
  });

  it('is announced only when its retries are exhausted, if AWS may recover', async () => {
    db.on(PutItemCommand).rejects(new Error('throttled'));
    await rejects(anEnvelope(), 'throttled');
    expect(announcements()).toEqual([]);

    db.on(UpdateItemCommand).resolves({ Attributes: { attempts: { N: '3' }, announced: { M: {} } } });
    await rejects(anEnvelope(), 'throttled');
    expect(announcements()[0]?.Detail).toContain('"error_type":"retries_exhausted"');
  });

  it('is not announced again', async () => {
    const attributes = { attempts: { N: '2' }, announced: { M: { rejected: { S: 'then' } } } };
    db.on(UpdateItemCommand).resolves({ Attributes: attributes });

    await rejects(unknownStatus, 'detail.status');
    expect(announcements()).toEqual([]);
  });

  it('throws its own error when it cannot be recorded', async () => {
    db.on(UpdateItemCommand).rejects(new Error('the error table is down'));

    await rejects(unknownStatus, 'detail.status');
  });

  it('is not marked when the bus refuses its announcement', async () => {
    events.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'Throttled' }] });

    await rejects(unknownStatus, 'detail.status');
    expect(errorRows()).toHaveLength(1);
  });

  it('is recorded before Lambda’s timeout when the handler does not finish', async () => {
    db.on(PutItemCommand).callsFake(() => new Promise(() => undefined));

    await expect(run('status-updater', anEnvelope(), aContext(3_020))).rejects.toMatchObject({
      name: 'DeadlineReached',
    });
    expect(errorRows()).toHaveLength(1);
  });

  it('is thrown and not recorded while another invocation is notifying', async () => {
    const delivered = anEnvelope({}, { status: 'delivered' });
    await run('status-updater', delivered);
    inTheLog(storedHash());
    db.on(UpdateItemCommand).rejects(conditionFailed({ lease: { S: '9999999999999#other' } }));

    await expect(run('status-updater', delivered)).rejects.toMatchObject({ name: 'InProgress' });
    expect([errorRows(), announcements()]).toEqual([[], []]);
  });
});

describe('priming', () => {
  beforeAll(() => jest.useFakeTimers());
  afterAll(() => jest.useRealTimers());

  // Priming while AWS answers is tested on the built functions.
  it.each(EVENT_FUNCTION_KEYS)('of the %s ends within a second when AWS does not answer', async (key) => {
    db.onAnyCommand().callsFake(() => new Promise(() => undefined));
    const ended = jest.fn();

    const priming = (await import(`../../../src/handlers/${key}`)).prime().then(ended);
    await jest.advanceTimersByTimeAsync(1_000);

    expect(db.calls()).toHaveLength(1);
    expect(ended).toHaveBeenCalled();
    await priming;
  });
});
