import Queue from 'cloudform-types/types/sqs/queue';
import QueuePolicy from 'cloudform-types/types/sqs/queuePolicy';
import { QUEUE_RETENTION_DAYS } from '../../contracts/retention';
import { arnOf, named, ref } from '../intrinsics';
import { policyDocument, type Statement, tlsOnly } from '../policy';
import { type Resources, retained } from '../resources';

/** An encrypted queue with its policy. It outlives its stack, since its messages are stored nowhere else. */
export const queue = (queueId: string, name: string, ...statements: readonly Statement[]): Resources => ({
  [queueId]: retained(
    new Queue({
      QueueName: named(name),
      MessageRetentionPeriod: QUEUE_RETENTION_DAYS * 86_400,
      SqsManagedSseEnabled: true,
    }),
  ),
  [`${queueId}Policy`]: new QueuePolicy({
    Queues: [ref(queueId)],
    PolicyDocument: policyDocument(...statements, tlsOnly('sqs:*', arnOf(queueId))),
  }),
});

/** A queue that one rule may send to: as the rule's target, or as its target's dead-letter queue. */
export const queueForRule = (queueId: string, name: string, ruleId: string): Resources =>
  queue(queueId, name, {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arnOf(queueId),
    Condition: { ArnEquals: { 'aws:SourceArn': arnOf(ruleId) } },
  });
