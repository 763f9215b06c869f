import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionEventInvokeConfigCommand } from '@aws-sdk/client-lambda';
import { contract as eventFailed } from '../../contracts/events/notification-handler/event-failed';
import { attemptsOf, deadLetterQueueName, functionName, LIVE_ALIAS } from '../../contracts/functions';
import { TABLES } from '../../contracts/tables';
import { stringOf, toAttributes } from '../../src/adapters/attributes';
import type { JsonObject } from '../../src/domain/json';
import { rowOf } from '../target/rows';
import { type Claims, notTried, verdict } from './claim';
import { inLists } from './dynamodb-cases';
import { detailOf, inboxOf } from './inbox';
import { messageAbout } from './traces';
import { RefusedByBus, refusalOf, type Trial } from './trial';

const FUNCTION = 'status-updater';
const ATTEMPTS = attemptsOf(FUNCTION);

/** Three attempts take three of AWS's minutes, and the queues add to that. */
const MINUTES = 8;

/** Nesting of the poison event's metadata: parsers of other languages stop at a thousand. */
const NESTED = 500;

/** Sends an event that fails, and looks for it in the dead-letter queue, on the bus, on the topic and in the error table. */
async function sendFailing(shipment: string, detail: JsonObject, trial: Trial) {
  const inbox = await inboxOf(trial);
  const sent = await trial.update(shipment, detail);
  const message = await messageAbout(sent.id, FUNCTION, trial, MINUTES);
  const error_id = `${trial.target.name(functionName(FUNCTION))}/${sent.id}`;
  const announcement = await inbox.find(
    2,
    (event) => event['detail-type'] === eventFailed.detailType && detailOf(event)['error_id'] === error_id,
  );
  const notification = await inbox.find(
    2,
    ({ TopicArn, Message }) =>
      TopicArn === trial.stack.outputs.get('ProcessingTopicArn') && String(Message).includes(error_id),
  );
  const row = await rowOf(TABLES.errorEvents, error_id, trial.target);
  return { sent, message, announcement, notification, row, attempts: Number(row?.['attempts']?.N ?? 0) };
}

type Failure = Awaited<ReturnType<typeof sendFailing>>;

/** Sends an event that is rejected, once for all claims. */
const sendRejected = (trial: Trial) =>
  trial.once('rejected', () => sendFailing('rejected', { status: 'conformance-unknown-status' }, trial));

function reachesAll({ message, announcement, notification, row, attempts }: Failure, type: string, reason = type) {
  const recorded = stringOf(row, 'error_type');
  const announced = announcement && detailOf(announcement)['error_type'];
  return verdict(
    Boolean(message && notification) && attempts === ATTEMPTS && recorded === type && announced === reason,
    `row: ${recorded ?? 'none'}, ${attempts} attempts; bus: ${announced ?? 'nothing'}; topic: ${notification ? 'a notification' : 'nothing'}; dead-letter queue: ${message ? 'the event' : 'nothing'}`,
  );
}

const ASYNC = 'Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation"';

export const failures: Claims = {
  'rejected-event': {
    sentence:
      'An event that can never be accepted reaches its error row, the bus, the topic and the dead-letter queue.',
    source: `docs/architecture.md, "Failure"; ${ASYNC}`,
    how: 'a status update with an unknown status, followed for up to eight minutes',
    try: async (trial) => reachesAll(await sendRejected(trial), 'rejected'),
  },
  'transient-failure': {
    sentence: 'An event whose attempts all fail for another reason reaches all four when its retries are exhausted.',
    source: `docs/architecture.md, "Failure"; ${ASYNC}`,
    how: 'an event whose log row exists already, without the payload hash that each attempt compares',
    async try(trial) {
      const { db, name, now } = trial.target;
      const timestamp = now();
      const event_id = `${trial.prefix}transient`;
      const Item = toAttributes({ event_id, timestamp, shipment_id: event_id });
      await db.send(new PutItemCommand({ TableName: name(TABLES.shipmentEvents.name), Item }));
      const identity = { event_id, occurred_at: new Date(timestamp).toISOString() };
      return reachesAll(await sendFailing('transient', identity, trial), 'transient', 'retries_exhausted');
    },
  },
  'poison-event': {
    sentence: `The bus accepts an event nested ${NESTED} levels deep, and its failure reaches all four.`,
    source: 'docs/reliability.md, "failure routes"; EventBridge API reference, PutEvents',
    how: `a status update with metadata of ${NESTED} nested lists`,
    async try(trial) {
      try {
        return reachesAll(await sendFailing('poison', { metadata: { in: inLists(NESTED) } }, trial), 'rejected');
      } catch (error) {
        if (error instanceof RefusedByBus) return verdict(false, error.message);
        throw error;
      }
    },
  },
  'retry-keeps-id': {
    sentence: 'Each attempt on an event has the id that PutEvents returned.',
    source: `docs/architecture.md, "Life of an event"; ${ASYNC}`,
    how: 'the rejected event: one row, named by its id, counts all attempts',
    async try(trial) {
      const { sent, attempts } = await sendRejected(trial);
      return verdict(attempts === ATTEMPTS, `${attempts} attempts on the row of ${sent.id}`);
    },
  },
  'retry-pauses': {
    sentence: 'Lambda waits one minute before the second attempt and two before the third.',
    source: `decision 15, and every lease, which must have expired by then; ${ASYNC}`,
    how: 'the rejected event: first_seen_at and last_seen_at of its row',
    async try(trial) {
      const { row } = await sendRejected(trial);
      const [first, last] = ['first_seen_at', 'last_seen_at'].map((name) => Date.parse(stringOf(row, name) ?? ''));
      const seconds = Math.round(((last ?? 0) - (first ?? 0)) / 1_000);
      // Lambda adds some seconds, and up to a minute when it is busy.
      return verdict(seconds >= 165 && seconds <= 300, `${seconds} s from the first attempt to the third`);
    },
  },
  'alias-destination': {
    sentence:
      'Lambda uses the retries and the OnFailure destination of the invoked alias; the function itself has none.',
    source: 'decision 8; Lambda API reference, PutFunctionEventInvokeConfig (Qualifier)',
    how: "the configurations of alias and function, and the rejected event, which the alias's destination must get",
    async try(trial) {
      const { lambda, name } = trial.target;
      const FunctionName = name(functionName(FUNCTION));
      const alias = await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: LIVE_ALIAS }));
      const refusal = await refusalOf(lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName })));
      if (!refusal)
        return notTried('the function has a configuration of its own: it cannot be seen which of the two counted');
      if (refusal.name !== 'ResourceNotFoundException') throw refusal;
      const { message } = await sendRejected(trial);
      const queue = alias.DestinationConfig?.OnFailure?.Destination?.split(':').at(-1);
      return verdict(
        message !== undefined && queue === name(deadLetterQueueName(FUNCTION)),
        `the alias has ${alias.MaximumRetryAttempts} retries and ${queue}, which ${message ? 'got' : 'did not get'} the event`,
      );
    },
  },
};
