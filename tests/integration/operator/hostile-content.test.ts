/** Operator's commands on hostile or broken content of a dead-letter queue and the error table. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { deadLetterQueueName, functionName } from '../../../contracts/functions';
import { inEnvironment } from '../../../contracts/names';
import { until } from '../../../lib/until.mjs';
import { ENVIRONMENT } from '../../../local/deploy';
import { CREDENTIALS, REGION } from '../../../local/environment';
import { messagesByQueue, takeSnapshot } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { CONTROL_CHARACTERS, nested, objectOf } from '../../support/fuzz/json-text';
import { type CommandEnded, logistics } from '../../support/operator';
import { startStack } from '../../support/stack';

jest.setTimeout(180_000);

const QUEUE = inEnvironment(deadLetterQueueName('status-updater'), ENVIRONMENT);
const LEVELS = 200_000;
const STEERS = '\u001b[2J\u001b]0;owned\u0007\u202egnp.exe\r\n\u009b31m';

let stack: LocalStack;

const event = (shipment: string, ...more: (readonly [name: string, json: string])[]) =>
  objectOf([
    ['id', JSON.stringify(`envelope-${shipment}`)],
    ['source', '"logistics.shipment"'],
    ['detail-type', '"Shipment Status Updated"'],
    ['time', '"2026-03-02T08:00:00Z"'],
    ['detail', objectOf([['shipment_id', JSON.stringify(shipment)], ['status', '"in_transit"'], ...more])],
  ]);

const record = (payload: string, reason = 'it failed') =>
  objectOf([
    ['requestContext', '{"condition":"RetriesExhausted"}'],
    ['requestPayload', payload],
    ['responsePayload', objectOf([['errorMessage', JSON.stringify(reason)]])],
  ]);

/** Nothing that a function could be given. */
const UNREADABLE = [
  'neither JSON nor \u009b31m harmless \u202e',
  '[]',
  event('SHP-DEEP', ['more', nested(LEVELS)]),
  record(event('SHP-DEEPER', ['more', nested(LEVELS)])),
];

/** As large as a message of SQS may be. */
const large = record(event('SHP-LARGE', ['more', JSON.stringify('x'.repeat(2 ** 20 - 1_000))]));

const READABLE = [
  large,
  record(event('SHP-PROTO', ['__proto__', '{"status":"delivered"}'], ['constructor', '{"prototype":{}}']), STEERS),
  record(event(`SHP ${STEERS}`), STEERS),
  record(JSON.stringify(STEERS), STEERS),
  event('SHP-GOOD-1'),
  record(event('SHP-GOOD-2')),
];

beforeAll(async () => {
  stack = await startStack();
  const sqs = new SQSClient({ endpoint: stack.endpoint, region: REGION, credentials: CREDENTIALS });
  for (const MessageBody of [...UNREADABLE, ...READABLE]) {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: `${stack.endpoint}/000000000000/${QUEUE}`,
        MessageBody,
        MessageAttributes: { ERROR_MESSAGE: { DataType: 'String', StringValue: 'no \u009b31m permission' } },
      }),
    );
  }
}, 120_000);

const waiting = async () => (await messagesByQueue(stack.endpoint)).get(QUEUE) ?? [];

/** In both forms, for readers and for programs. */
async function bothForms(...args: string[]): Promise<readonly [CommandEnded, Record<string, unknown>[]]> {
  const readers = await logistics(stack.endpoint, args);
  const programs = await logistics(stack.endpoint, [...args, '--json']);
  for (const { stdout, stderr } of [readers, programs]) {
    expect(stdout).not.toMatch(CONTROL_CHARACTERS);
    expect(stderr).not.toMatch(CONTROL_CHARACTERS);
    expect(stderr).not.toMatch(/\n\s+at /);
  }
  expect(programs.code).toBe(readers.code);
  const lines = programs.stdout.split('\n').filter(Boolean);
  return [readers, lines.map((line) => JSON.parse(line))];
}

const isUnreadable = ({ event: shown }: Record<string, unknown>) => UNREADABLE.includes(String(shown));

describe('a dead-letter queue with anything in it', () => {
  it('is shown, a line for each message, and what cannot be read is named', async () => {
    const [readers, messages] = await bothForms('queues', 'status-updater');

    expect(readers.code).toBe(0);
    expect(readers.stdout.trimEnd().split('\n')).toHaveLength(1 + UNREADABLE.length + READABLE.length);
    expect(messages.filter(isUnreadable).map((message) => message['reason'])).toEqual([
      'its body is no JSON object',
      'its body is no JSON object',
      'its body is nested too deeply to be redriven',
      'its body is nested too deeply to be redriven',
    ]);
  });

  it('is redriven but for what cannot be read, which stays as it came', async () => {
    const { code, stdout, stderr } = await logistics(stack.endpoint, ['redrive', 'status-updater']);

    expect({ code, counts: stderr.trimEnd().split('\n').at(-1) }).toEqual({
      code: 1,
      counts: `${UNREADABLE.length} not understood, ${READABLE.length} redriven`,
    });
    expect(stdout).not.toMatch(CONTROL_CHARACTERS);
    expect(await waiting()).toEqual(expect.arrayContaining(UNREADABLE));
    expect(await waiting()).not.toContain(READABLE.at(-1));
    // A redrive makes a row, too: one without an error is of an event that never reached its function.
    const failures = async () => (await takeSnapshot(stack)).errors.filter(({ error_type }) => error_type);
    await until(async () => (await failures()).length === 3);
    const { shipments } = await takeSnapshot(stack);
    expect((await failures()).map(({ error_message }) => error_message).sort()).toEqual([
      expect.stringContaining('detail has a key "__proto__"'),
      expect.stringContaining('id must be 1 to 128 printable ASCII characters'),
      expect.stringContaining('the event must be a JSON object'),
    ]);
    expect(shipments.map(({ shipment_id }) => shipment_id).sort()).toEqual(['SHP-GOOD-1', 'SHP-GOOD-2', 'SHP-LARGE']);
  });

  it('lets a message that cannot be read be taken out, and the error table keeps what it was', async () => {
    const [, messages] = await bothForms('queues', 'status-updater');
    for (const { message } of messages.filter(isUnreadable)) {
      const discarded = await logistics(stack.endpoint, ['discard', String(message), '--reason', `broken ${STEERS}`]);
      expect(discarded).toMatchObject({ code: 0, stdout: expect.not.stringMatching(CONTROL_CHARACTERS) });
    }

    const { errors, failed } = await takeSnapshot(stack);
    const kept = errors.filter((row) => row['discard_reason']).map((row) => String(row['event']).slice(0, 100));
    expect(kept.sort()).toEqual(UNREADABLE.map((body) => JSON.stringify(body).slice(0, 100)).sort());
    expect(failed['status-updater'].filter((body) => UNREADABLE.includes(body))).toEqual([]);
  });
});

describe('an error table with anything in it', () => {
  const ids = [
    `${inEnvironment(functionName('status-updater'), ENVIRONMENT)}/deep`,
    `external/${STEERS}`,
    '__proto__',
    '=cmd|calc!A1',
  ];
  const eventOf = (id: string) =>
    id.endsWith('/deep') ? nested(190_000) : `{"__proto__":{"x":1},"text":"${'\\u001b'}[2J"}`;

  beforeAll(async () => {
    for (const error_id of ids) {
      const row = { error_id, timestamp: 0, error_type: STEERS, error_message: STEERS, shipment_id: STEERS };
      await stack.db.send(
        new PutItemCommand({
          TableName: stack.outputs['ErrorEventsTableName'],
          Item: marshall({ ...row, last_seen_at: '2026-03-02T08:00:00.000Z', event: eventOf(error_id) }),
        }),
      );
    }
  });

  it('is listed', async () => {
    const [readers, rows] = await bothForms('errors');

    expect(readers.code).toBe(0);
    expect(rows.map(({ error_id }) => error_id)).toEqual(expect.arrayContaining(ids));
  });

  it.each(ids)('shows %j in full', async (id) => {
    const [readers, [row]] = await bothForms('errors', id);

    expect(readers.code).toBe(0);
    expect(row).toMatchObject({ error_id: id, error_message: STEERS });
    expect(JSON.stringify(row?.['event'])).toBe(id.endsWith('/deep') ? JSON.stringify(nested(190_000)) : eventOf(id));
  });
});
