/** Repairs that are refused before anything is sent. tests/integration/operator/failed-events.fault.test.ts has those that are sent. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../../support/after-tests';
import { type Answers, answers, awsError, inputsOf } from '../mocked-aws';
import { run } from '../run';

const EVENT = {
  id: 'e-1',
  source: 'logistics.shipment',
  'detail-type': 'Shipment Status Updated',
  time: '2026-03-02T08:00:00Z',
  detail: { shipment_id: 'SHP-1', status: 'in_transti' },
};

/** Puts an event into the dead-letter queue of the status updater. */
function fail(event: object): void {
  const Messages = [{ MessageId: 'm-1', ReceiptHandle: 'm-1', Body: JSON.stringify(event) }];
  Object.assign(answers, {
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: QueueName }),
    ReceiveMessage: ({ QueueUrl }) => (QueueUrl === 'logistics-status-updater-dlq-dev' ? { Messages } : {}),
  } satisfies Answers);
}

beforeEach(() => fail(EVENT));

afterEach(() => {
  expect(inputsOf('PutEvents')).toEqual([]);
  expect(inputsOf('ChangeMessageVisibilityBatch').at(-1)).toMatchObject({
    Entries: [{ ReceiptHandle: 'm-1', VisibilityTimeout: 0 }],
  });
});

it('refuses another repair of a message than the one that its error row has, since that event may be on the bus', async () => {
  answers['UpdateItem'] = awsError('ConditionalCheckFailedException');

  await expect(run('repair m-1 --set detail.status=failed')).rejects.toThrow(
    'another repair of this message was begun',
  );

  expect(inputsOf('UpdateItem')).toEqual([
    expect.objectContaining({
      ConditionExpression: 'attribute_not_exists(#repaired_as) OR #repaired_as = :repaired_as',
      ExpressionAttributeValues: expect.objectContaining({
        ':repaired_as': { S: expect.stringMatching(/^e-1#1772438400000#2:/) },
      }),
    }),
  ]);
});

const EDITED = '{\n "detail": { "name": "Zürich" }\n}\n';

it.each([
  ['Latin-1', Buffer.from(EDITED, 'latin1'), 'the edited event is not UTF-8: unpack it when'],
  ['UTF-8 behind a byte order mark', `\uFEFF${EDITED}`, 'it would be refused as repaired: source must be a string'],
])('reads an edited event in %s as send does', async (_, edited, problem) => {
  const file = path.join(temporaryFolder('edited'), 'event.json');
  writeFileSync(file, edited);
  process.env['VISUAL'] = `cp ${file}`;

  await expect(run('repair m-1 --edit')).rejects.toThrow(problem);
});

it.each([
  ['an event that can be accepted', { status: 'failed' }, 'the event can be accepted as it is: `npx --no-install'],
  ['no change', { event_id: 'e-1', occurred_at: EVENT.time }, 'nothing was changed'],
])('refuses %s', async (_, detail, problem) => {
  fail({ ...EVENT, detail: { ...EVENT.detail, ...detail } });

  await expect(run('repair m-1 --set detail.status=in_transti')).rejects.toThrow(problem);
});
