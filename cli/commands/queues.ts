import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { Argument } from 'commander';
import { EVENT_FUNCTIONS, SCHEDULED_FUNCTIONS } from '../../contracts/functions';
import { isObject } from '../../src/domain/json';
import { recordedFailureOf } from '../failures/error-row';
import { DeadLetterQueue, type QueueMessage } from '../messages/dead-letter-queue';
import { QUEUE_KEYS, type QueueKey } from '../messages/queues';
import { contextOf, type FinishingContext, finishingContextOf, help, type Register } from '../program';
import { isAnswer } from '../target/aws-errors';
import type { Target } from '../target/target';
import { spanInWords } from '../terminal/spans';

const ABOUT = `Without a queue: how many events wait in each. The age of the oldest is CloudWatch's: minutes late, "-" where it has
none, and without messages that were received three times. With a queue: its messages, and how often each was redriven; nothing is
changed, but the messages are hidden from others meanwhile. Events in "unrouted" matched no contract: repair changes the
event and sends it again.`;

export const register: Register = (program) => {
  program
    .command('queues')
    .description('what waits for an operator, and what to type next')
    .addArgument(new Argument('[queue]', 'show what is in it').choices(QUEUE_KEYS))
    .addHelpText('after', help(ABOUT, 'queues', 'queues unrouted', 'queues status-updater --json'))
    .action(async (key: QueueKey | undefined, _options, command) => {
      const { target, print } = contextOf(command);
      if (key) await showMessages(key, finishingContextOf(command));
      else print.rows(await Promise.all(QUEUE_KEYS.map((queue) => waitingIn(queue, target))));
    });
};

/** Counts what waits in a queue. @throws QueueDoesNotExist when the stack was not found */
export async function waitingIn(key: QueueKey, target: Target) {
  const queue = await DeadLetterQueue.open(key, target);
  const { waiting, in_flight } = await queue.count();
  return {
    queue: key,
    waiting,
    in_flight,
    oldest: waiting + in_flight === 0 ? null : await oldestIn(queue.name, target),
    next: waiting + in_flight === 0 ? null : target.command`queues ${key}`,
  };
}

/** Age of a queue's oldest message, which only a metric has, every one or five minutes. */
async function oldestIn(queueName: string, target: Target): Promise<string | null> {
  const now = target.now();
  try {
    const { Datapoints = [] } = await target.alarms.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateAgeOfOldestMessage',
        Dimensions: [{ Name: 'QueueName', Value: queueName }],
        StartTime: new Date(now - 15 * 60_000),
        EndTime: new Date(now),
        Period: 60,
        Statistics: ['Maximum'],
      }),
    );
    const latest = Datapoints.sort((a, b) => Number(a.Timestamp) - Number(b.Timestamp)).at(-1);
    return latest?.Maximum === undefined ? null : spanInWords(latest.Maximum * 1_000);
  } catch (error) {
    // The operator may have permission to read the queue but not the metric.
    if (isAnswer(error)) return 'unknown';
    throw error;
  }
}

const COLUMNS = ['message', 'arrived', 'shipment', 'event_id', 'redriven', 'reason'];

async function showMessages(key: QueueKey, context: FinishingContext): Promise<void> {
  const { target, print, ending } = context;
  const queue = await DeadLetterQueue.open(key, target);
  let shown = 0;
  for await (const message of queue.messages(context)) {
    print.rows([await describe(message, key, target)], COLUMNS);
    shown += 1;
  }
  if (ending.aborted) return;
  if (shown === 0) return print.note('nothing was found in the queue');
  if (key in EVENT_FUNCTIONS) print.note(`to redrive them: ${target.command`redrive ${key} --dry-run`}`);
  if (key in SCHEDULED_FUNCTIONS)
    print.note('these are scheduled runs, not shipments: the next run that succeeds does their work');
  print.note(`to delete one for good: ${target.command`discard {message} --reason "…"`}`);
}

async function describe(message: QueueMessage, key: QueueKey, target: Target) {
  const common = { message: message.messageId, arrived: new Date(message.arrivedAt).toISOString() };
  const { event } = message;
  if ('unreadable' in message)
    return { ...common, shipment: '-', event_id: '-', redriven: 0, group: null, reason: message.unreadable, event };
  const { shipment_id, event_id, redrives, group } = await recordedFailureOf(event, key, target);
  const reason = key === 'unrouted' ? reasonUnrouted(event) : `${message.route}, ${message.reason}`;
  return { ...common, shipment: shipment_id, event_id, redriven: redrives, group, reason, event };
}

function reasonUnrouted(event: unknown): string {
  const { source, 'detail-type': detailType } = isObject(event) ? event : {};
  return `no contract takes ${source} / ${detailType}`;
}
