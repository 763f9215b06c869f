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

const created = (detail: Record<string, unknown> = {}) =>
  anEnvelope({ 'detail-type': 'Shipment Created' }, { status: undefined, ...detail });

/** The error rows written, by their key. */
const errorRows = () =>
  db
    .commandCalls(UpdateItemCommand)
    .map((call) => call.args[0].input)
    .filter(({ TableName }) => TableName === 'errors');

const announcements = () => events.commandCalls(PutEventsCommand).flatMap((call) => call.args[0].input.Entries ?? []);

describe('the shipment processor', () => {
  it('records a shipment with two writes and answers what it did', async () => {
    const { statusCode, body } = await run('shipment-processor', created({ metadata: { origin: 'Porto' } }));
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toEqual({ event_id: 'envelope-1', shipment_id: 'SHP-1', status: 'processed' });
    const [log, status] = db.commandCalls(PutItemCommand).map((call) => call.args[0].input);
    expect(log).toMatchObject({
      TableName: 'events',
      ConditionExpression: 'attribute_not_exists(event_id)',
      Item: {
        event_id: { S: 'envelope-1' },
        timestamp: { N: String(Date.UTC(2026, 2, 2, 8)) },
        shipment_id: { S: 'SHP-1' },
        status: { S: 'pending' },
        detail_type: { S: 'Shipment Created' },
        metadata: { M: { origin: { S: 'Porto' } } },
        account: { S: '123456789012' },
        payload_hash: { S: expect.stringMatching(/^2:/) },
        process_result: { M: { validations: { L: [{ S: 'status_valid' }, { S: 'origin_present' }] } } },
      },
    });
    expect(log?.Item).not.toHaveProperty('lease');
    expect(status).toMatchObject({
      TableName: 'shipments',
      ConditionExpression:
        'attribute_not_exists(shipment_id) OR (version < :version AND #timestamp <= :timestamp AND attribute_not_exists(hidden_event))',
    });
    expect(Object.keys(status?.Item ?? {}).sort()).toEqual([
      'event_id',
      'shipment_id',
      'status',
      'timestamp',
      'version',
    ]);
    expect(db.calls().length + sns.calls().length + events.calls().length).toBe(2);
  });

  it('answers duplicate when the log has the event', async () => {
    await run('shipment-processor', created());
    const item = db.commandCalls(PutItemCommand)[0]?.args[0].input.Item;
    inTheLog(item?.['payload_hash']?.S ?? '');
    const { body } = await run('shipment-processor', created());
    expect(JSON.parse(body).status).toBe('duplicate');
  });

  it('takes null for what is absent, and the same instant however it is written', async () => {
    const identity = { event_id: 'e-1', occurred_at: '2026-03-02T11:12:07.431+01:00' };
    await run('shipment-processor', created({ ...identity, metadata: { origin: 'Lyon' } }));
    const item = db.commandCalls(PutItemCommand)[0]?.args[0].input.Item;
    everythingWorks();
    inTheLog(item?.['payload_hash']?.S ?? '');
    const again = { ...identity, occurred_at: '2026-03-02T10:12:07.4310Z', status: null };

    const { body } = await run(
      'shipment-processor',
      created({ ...again, metadata: { origin: 'Lyon', carrier: null } }),
    );

    expect(JSON.parse(body)).toMatchObject({ event_id: 'e-1', status: 'duplicate' });
    const [logged] = db.commandCalls(PutItemCommand).map(({ args }) => args[0].input.Item);
    expect(logged?.['metadata']).toEqual({ M: { origin: { S: 'Lyon' } } });
    expect(logged?.['process_result']?.M?.['validations']?.L).not.toContainEqual({ S: 'carrier_present' });
  });
});

describe('the status updater', () => {
  it('answers the recorded status when the producer gives none', async () => {
    recordedStatus('pending');
    const { body } = await run('status-updater', anEnvelope());
    expect(JSON.parse(body)).toEqual({
      shipment_id: 'SHP-1',
      new_status: 'in_transit',
      old_status: 'pending',
      updated: true,
      result: { event_id: 'envelope-1', updated: true, timestamp: Date.UTC(2026, 2, 2, 8) },
    });
  });

  it('answers updated: false for a superseded event', async () => {
    laterStatus('delivered');
    const { body } = await run('status-updater', anEnvelope());
    expect(JSON.parse(body)).toMatchObject({ old_status: 'delivered', updated: false });
  });

  it('notifies with four calls: log with a lease, status, publish, mark', async () => {
    await run('status-updater', anEnvelope({}, { status: 'delivered' }));
    expect(db.commandCalls(PutItemCommand)[0]?.args[0].input.Item?.['lease']?.S).toMatch(/^\d{13}#request-1$/);
    expect(sns.commandCalls(PublishCommand)[0]?.args[0].input).toMatchObject({
      TopicArn: 'arn:processing',
      MessageAttributes: {
        status: { DataType: 'String', StringValue: 'delivered' },
        superseded: { DataType: 'String', StringValue: 'false' },
      },
    });
    const [mark] = db.commandCalls(UpdateItemCommand).map((call) => call.args[0].input);
    expect(mark?.UpdateExpression).toBe('SET #notified = if_not_exists(#notified, :now) REMOVE #lease');
    expect(db.calls().length + sns.calls().length + events.calls().length).toBe(4);
  });
});

describe('a correction', () => {
  const correction = (detail: Record<string, unknown> = {}) =>
    anEnvelope({ 'detail-type': 'Shipment Status Corrected' }, { reason: 'Scanned by mistake', ...detail });

  it('keeps its words in the log, and notifies whatever its status', async () => {
    recordedStatus('delivered');
    const { body } = await run('status-updater', correction({ corrected_by: 'desk 2', corrects: 'e-before' }));

    expect(JSON.parse(body)).toMatchObject({ new_status: 'in_transit', old_status: 'delivered', updated: true });
    const [log, status] = db.commandCalls(PutItemCommand).map((call) => call.args[0].input);
    expect(log?.Item).toMatchObject({
      detail_type: { S: 'Shipment Status Corrected' },
      reason: { S: 'Scanned by mistake' },
      corrected_by: { S: 'desk 2' },
      corrects: { S: 'e-before' },
      lease: { S: expect.any(String) },
    });
    expect(status?.Item).toMatchObject({
      version: { S: '2#0001772438400000#0#0001772438400000#1#envelope-1' },
      last_correction: { S: '0#0001772438400000#1#envelope-1' },
    });
    expect(sns.commandCalls(PublishCommand)[0]?.args[0].input).toMatchObject({
      MessageAttributes: { correction: { DataType: 'String', StringValue: 'true' } },
    });
    expect(db.calls().length + sns.calls().length + events.calls().length).toBe(4);
  });

  it('that voids one event alone answers the status that it brings back', async () => {
    const mistaken = { ...statusRow({ status: 'delivered' }), hidden_event: { S: '0#0001772438460000#2#e-later' } };
    db.on(PutItemCommand, { TableName: 'shipments' })
      .rejectsOnce(conditionFailed(mistaken))
      .resolves({ Attributes: mistaken });

    const { body } = await run('status-updater', correction());

    expect(JSON.parse(body)).toMatchObject({
      new_status: 'out_for_delivery',
      old_status: 'delivered',
      updated: true,
      result: { event_id: 'envelope-1' },
    });
    const [, , joined] = db.commandCalls(PutItemCommand).map((call) => call.args[0].input);
    expect(joined).toMatchObject({
      ConditionExpression:
        'version = :version AND attribute_not_exists(last_correction) AND hidden_event = :hidden_event',
      Item: { event_id: { S: 'e-later' }, last_correction: { S: '0#0001772438400000#1#envelope-1' } },
    });
  });

  it('is rejected without a reason', async () => {
    await expect(run('status-updater', correction({ reason: '' }))).rejects.toThrow(
      'detail.reason must be 1 to 500 characters',
    );
  });
});

describe('an event with notify false', () => {
  it.each([
    ['an update', 'Shipment Status Updated', 'status-updater'],
    ['a correction', 'Shipment Status Corrected', 'status-updater'],
    ['a new shipment', 'Shipment Created', 'shipment-processor'],
  ] as const)('is recorded and notifies nothing: %s', async (_, detailType, key) => {
    const detail = { status: 'delivered', reason: 'a test', notify: false };
    await run(key, anEnvelope({ 'detail-type': detailType }, detail));

    const [log] = db.commandCalls(PutItemCommand).map((call) => call.args[0].input);
    expect(log?.Item).toMatchObject({ status: { S: 'delivered' }, notify: { BOOL: false } });
    expect(log?.Item).not.toHaveProperty('lease');
    expect(sns.calls()).toEqual([]);
    expect(db.calls()).toHaveLength(2);
  });
});

describe('the notification handler', () => {
  const anError = (detail: Record<string, unknown> = {}, detailType = 'Processing Error') =>
    anEnvelope(
      { source: 'logistics.error', 'detail-type': detailType },
      { error_type: 'label_unreadable', error_message: 'cannot read', ...detail },
    );

  it.each([
    ['Processing Error', 'label_unreadable', 'arn:processing', false],
    ['Processing Error', 'critical', 'arn:alerts', true],
    ['Critical Error', 'x', 'arn:alerts', true],
  ])('%s of type %s goes to %s', async (detailType, error_type, TopicArn, is_critical) => {
    const { body } = await run('notification-handler', anError({ error_type }, detailType));
    expect(JSON.parse(body)).toEqual({ processed: true, detail_type: detailType, is_critical });
    const envelope = { time: 0, detailType, detail: {} };
    const Subject = errorMessage(envelope, { error_message: '' }, is_critical, 'dev').subject;
    expect(sns.commandCalls(PublishCommand)[0]?.args[0].input).toMatchObject({ TopicArn, Subject });
  });

  it('records a foreign error on a row of its own', async () => {
    await run('notification-handler', anError());
    expect(errorRows()[0]?.Key).toEqual({
      error_id: { S: 'external/envelope-1' },
      timestamp: { N: String(Date.UTC(2026, 2, 2, 8)) },
    });
  });

  const calls = () => [db, sns, events].map((client) => client.calls().length);

  it('makes two calls to DynamoDB and one to SNS, and one more to DynamoDB for a critical event', async () => {
    await run('notification-handler', anError());
    expect(calls()).toEqual([2, 1, 0]);
    everythingWorks();
    await run('notification-handler', anError({}, 'Critical Error'));
    expect(calls()).toEqual([3, 1, 0]);
  });

  const function_name = 'logistics-status-updater-dev';
  const announced = { function_name, error_id: `${function_name}/e`, error_timestamp: 7, error_type: 'rejected' };
  const ownAnnouncement = () => ({
    ...anError(announced, 'Event Failed'),
    source: 'logistics.pipeline',
  });

  it('records an announcement of ours on the row it names, with marks of its own', async () => {
    await run('notification-handler', ownAnnouncement());
    expect(errorRows()[0]).toMatchObject({
      Key: { error_id: { S: `${function_name}/e` }, timestamp: { N: '7' } },
      ExpressionAttributeNames: { '#notified': 'event_failed_notified_at' },
    });
    expect(calls()).toEqual([2, 1, 0]);
  });

  describe('given an announcement as earlier versions made it, or a forgery', () => {
    it('writes nothing on the row it names', async () => {
      await run('notification-handler', anError(announced));
      expect(db.commandCalls(GetItemCommand)[0]?.args[0].input.Key).toEqual({
        error_id: { S: `${function_name}/e` },
        timestamp: { N: '7' },
      });
      expect(errorRows().map(({ Key }) => Key?.['error_id'])).toEqual(Array(2).fill({ S: 'external/envelope-1' }));
      expect(sns.calls()).toHaveLength(1);
    });

    it('does not notify about what the earlier version notified about', async () => {
      db.on(GetItemCommand).resolves({ Item: { processing_error_notified_at: { S: 'then' } } });
      await run('notification-handler', anError(announced));
      expect([errorRows(), sns.calls()]).toEqual([[], []]);
    });

    it('waits while the earlier version is notifying', async () => {
      db.on(GetItemCommand).resolves({ Item: { processing_error_lease: { S: '9999999999999#other' } } });
      await expect(run('notification-handler', anError(announced))).rejects.toMatchObject({ name: 'InProgress' });
    });
  });

  describe('beyond the limit of the alert topic', () => {
    const critical = (error_type = 'x') => anError({ error_type }, 'Critical Error');
    /** The row of the minute has no place, and this event sends its summary. */
    const isFull = (summarizer: string) => {
      db.on(UpdateItemCommand).callsFake(({ Key, ConditionExpression = '' }) => {
        if (Key.error_id.S !== 'alerts') return { Attributes: {} };
        if (ConditionExpression.includes('admitted')) throw conditionFailed();
        return { Attributes: { summarizer: { S: summarizer } } };
      });
    };

    it('comes back for the summary, and is no failure', async () => {
      isFull('external/envelope-1');
      await expect(run('notification-handler', critical())).rejects.toMatchObject({ name: 'Postponed' });
      expect(sns.calls()).toEqual([]);
      expect(errorRows().at(-1)).toMatchObject({
        Key: { error_id: { S: 'external/envelope-1' } },
        UpdateExpression: 'REMOVE #lease',
      });
    });
  });

  it('does not notify twice', async () => {
    db.on(UpdateItemCommand).rejects(conditionFailed({ processing_error_notified_at: { S: 'then' } }));
    await run('notification-handler', anError());
    expect(sns.calls()).toEqual([]);
  });

  it('never puts an event on the bus, whatever fails', async () => {
    sns.on(PublishCommand).rejects(new Error('SNS is down'));
    await expect(run('notification-handler', anError())).rejects.toThrow('SNS is down');
    await expect(run('notification-handler', null)).rejects.toThrow();
    expect(events.calls()).toEqual([]);
    expect(errorRows().length).toBeGreaterThan(0);
  });
});

describe.each(EVENT_FUNCTION_KEYS)('%s, given what is no event', (key) => {
  it.each([
    ['null', null],
    ['nothing', undefined],
    ['{}', {}],
    ['a string', 'text'],
    ['a number', 7],
    ['a list', []],
    ['an event without detail', anEnvelope({ detail: null })],
    ['an event it does not take', anEnvelope({ 'detail-type': 'Shipment Teleported' })],
    ['deep nesting', JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
  ])('rejects %s and records why', async (_, input) => {
    await expect(run(key, input)).rejects.toMatchObject({ name: 'Rejected' });
    expect(errorRows()).toHaveLength(key === 'notification-handler' ? 1 : 2);
    expect(errorRows()[0]?.ExpressionAttributeValues?.[':error_type']).toEqual({ S: 'rejected' });
    expect(announcements()).toHaveLength(key === 'notification-handler' ? 0 : 1);
  });
});

describe('failures', () => {
  const rejects = (input: unknown, message: RegExp) => expect(run('status-updater', input)).rejects.toThrow(message);

  it('of a rejected event are announced with the key of their row, then marked', async () => {
    await rejects(anEnvelope({}, { status: 'teleported' }), /detail.status must be one of/);
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

  it('of an item DynamoDB cannot hold are rejections', async () => {
    const refused = Object.assign(new Error('Item size has exceeded the maximum allowed size'), {
      name: 'ValidationException',
    });
    db.on(PutItemCommand, { TableName: 'events' }).rejects(refused);
    await rejects(anEnvelope({}, { metadata: { note: 'n'.repeat(400_000) } }), /cannot be stored: Item size/);
  });

  it('of an identity with another content are conflicts', async () => {
    inTheLog('1:other', '111122223333');
    await rejects(
      anEnvelope(),
      /with another content \(from account 111122223333; this one is from account 123456789012\)/,
    );
    expect(announcements()[0]?.Detail).toContain('"error_type":"conflict"');
  });

  it('name the event of a conflict by an id that no shell runs', async () => {
    inTheLog('1:other');
    const occurred_at = '2026-03-02T08:00:00Z';
    await rejects(anEnvelope({}, { event_id: 'e$(id>x)', occurred_at }), /^event 'e\$\(id>x\)' is already on record/);
  });

  it('name an unknown sender where the row on record, or the envelope, has none', async () => {
    inTheLog('1:other');
    await rejects(anEnvelope({ account: '$(id)' }), /\(from an unknown account; this one is from an unknown account\)/);
  });

  it('that AWS may recover from are announced only when the attempts are spent', async () => {
    db.on(PutItemCommand).rejects(new Error('throttled'));
    await rejects(anEnvelope(), /throttled/);
    expect(announcements()).toEqual([]);
    db.on(UpdateItemCommand).resolves({ Attributes: { attempts: { N: '3' }, announced: { M: {} } } });
    await rejects(anEnvelope(), /throttled/);
    expect(announcements()[0]?.Detail).toContain('"error_type":"retries_exhausted"');
  });

  it('to record them never hide them', async () => {
    db.on(UpdateItemCommand).rejects(new Error('the error table is down'));
    await rejects(anEnvelope({}, { status: 'teleported' }), /detail.status/);
  });

  it('of the bus to take an announcement leave it unmarked', async () => {
    events.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'Throttled' }] });
    await rejects(anEnvelope({}, { status: 'teleported' }), /detail.status/);
    expect(errorRows()).toHaveLength(1);
  });

  it('to finish in time are recorded before Lambda ends the process', async () => {
    db.on(PutItemCommand).callsFake(() => new Promise(() => undefined));
    await expect(run('status-updater', anEnvelope(), aContext(3_020))).rejects.toMatchObject({
      name: 'DeadlineReached',
    });
    expect(errorRows()).toHaveLength(1);
  });

  it('because another invocation is notifying are thrown, not recorded', async () => {
    await run('status-updater', anEnvelope({}, { status: 'delivered' }));
    const hash = db.commandCalls(PutItemCommand)[0]?.args[0].input.Item?.['payload_hash']?.S ?? '';
    db.on(PutItemCommand, { TableName: 'events' }).rejects(
      conditionFailed({ payload_hash: { S: hash }, lease: { S: '9#other' } }),
    );
    db.on(UpdateItemCommand).rejects(conditionFailed({ lease: { S: '9999999999999#other' } }));
    await expect(run('status-updater', anEnvelope({}, { status: 'delivered' }))).rejects.toMatchObject({
      name: 'InProgress',
    });
    expect(errorRows()).toEqual([]);
    expect(announcements()).toEqual([]);
  });
});
