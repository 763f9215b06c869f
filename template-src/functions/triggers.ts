/** Triggers of functions, each with its dead-letter queue and the permissions that the function's role needs for it. */
import Rule, { type RuleProperties } from 'cloudform-types/types/events/rule';
import { GetAtt, If } from 'cloudform-types/types/functions';
import EventSourceMapping from 'cloudform-types/types/lambda/eventSourceMapping';
import Permission, { type PermissionProperties } from 'cloudform-types/types/lambda/permission';
import Url from 'cloudform-types/types/lambda/url';
import {
  deadLetterQueueName,
  EVENT_FUNCTIONS,
  type EventFunctionKey,
  type FunctionKey,
  functionName,
  isScheduledFunction,
  isUrlFunction,
  SCHEDULED_FUNCTIONS,
  type ScheduledFunctionKey,
  STREAM_FUNCTIONS,
  type StreamFunctionKey,
  URL_FUNCTIONS,
  type UrlFunctionKey,
} from '../../contracts/functions';
import { CONTRACTS } from '../../contracts/generated/contracts';
import { patternOf } from '../bus/patterns';
import { queue, queueForRule } from '../bus/queue';
import { FUNCTION_FIGURES, MAX_EVENT_AGE_SECONDS, STREAM_FIGURES } from '../defaults';
import { aliasOf, arnOf, named, ref } from '../intrinsics';
import { BUS_ID, functionIds } from '../logical-ids';
import type { ConditionName } from '../parameters';
import { allow, type Statement } from '../policy';
import type { Resources } from '../resources';
import { TABLE_IDS } from '../storage/tables';

interface Trigger {
  /** Properties of the function itself. */
  readonly properties?: { readonly EventInvokeConfig: object };
  readonly allow: readonly Statement[];
  readonly resources: Resources;
}

const isStreamFunction = (key: FunctionKey): key is StreamFunctionKey => key in STREAM_FUNCTIONS;

export function triggerOf(key: FunctionKey): Trigger {
  if (isStreamFunction(key)) return stream(key);
  if (isUrlFunction(key)) return url(key);
  return isScheduledFunction(key) ? schedule(key) : events(key);
}

/** Events on the bus that match the function's contracts. */
const events = (key: EventFunctionKey): Trigger =>
  rule(key, {
    Description: `Invokes ${functionName(key)} with events.`,
    EventBusName: ref(BUS_ID),
    EventPattern: patternOf(CONTRACTS[key]),
  });

/** A schedule, as a rule of the default bus: a schedule of EventBridge Scheduler has no tags and needs a role (docs/decisions/0029). */
const schedule = (key: ScheduledFunctionKey): Trigger =>
  rule(key, {
    Description: `Runs ${functionName(key)}.`,
    ScheduleExpression: FUNCTION_FIGURES[key].rate,
    State: If(SCHEDULED_FUNCTIONS[key].condition satisfies ConditionName, 'ENABLED', 'DISABLED'),
  });

/** Lambda sends to the dead-letter queue with the function's role. */
const mayFillQueue = (queueId: string) => allow('sqs:SendMessage', arnOf(queueId));

/** A rule that invokes the function asynchronously. It is a plain resource, because rules of SAM's `Events` have no tags or names. */
function rule(key: EventFunctionKey | ScheduledFunctionKey, matches: RuleProperties): Trigger {
  const ids = functionIds(key);
  const { rule: name, maximumRetryAttempts } = { ...EVENT_FUNCTIONS, ...SCHEDULED_FUNCTIONS }[key];
  const { retries, maxAgeSeconds } = FUNCTION_FIGURES[key].ruleRetry;
  return {
    properties: {
      EventInvokeConfig: {
        MaximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
        MaximumRetryAttempts: maximumRetryAttempts,
        DestinationConfig: { OnFailure: { Type: 'SQS', Destination: arnOf(ids.queue) } },
      },
    },
    allow: [mayFillQueue(ids.queue)],
    resources: {
      [ids.rule]: new Rule({
        Name: named(name),
        ...matches,
        Targets: [
          {
            Id: 'function',
            Arn: aliasOf(ids.function),
            RetryPolicy: { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: maxAgeSeconds },
            DeadLetterConfig: { Arn: arnOf(ids.queue) },
          },
        ],
      }),
      [ids.permission]: new Permission({
        FunctionName: aliasOf(ids.function),
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: arnOf(ids.rule),
      }),
      ...queueForRule(ids.queue, deadLetterQueueName(key), ids.rule),
    },
  };
}

/**
 * A table's stream, which Lambda reads in batches with the function's role. A failed batch is retried from the record that the function
 * names. A record that grows too old is named in the dead-letter queue before the stream drops it.
 */
function stream(key: StreamFunctionKey): Trigger {
  const ids = functionIds(key);
  const { table, condition } = STREAM_FUNCTIONS[key];
  const source = GetAtt(TABLE_IDS[table], 'StreamArn');
  return {
    // DynamoDB, "IAM policy to allow a Lambda function to access DynamoDB stream records".
    allow: [
      allow(
        ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
        source,
      ),
      mayFillQueue(ids.queue),
    ],
    resources: {
      [ids.mapping]: new EventSourceMapping({
        FunctionName: aliasOf(ids.function),
        EventSourceArn: source,
        // Publishes changes from before the mapping existed, too.
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: STREAM_FIGURES.batchSize,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        MaximumRecordAgeInSeconds: STREAM_FIGURES.maxAgeSeconds,
        DestinationConfig: { OnFailure: { Destination: arnOf(ids.queue) } },
      }).condition(condition satisfies ConditionName),
      ...queue(ids.queue, deadLetterQueueName(key)),
    },
  };
}

/**
 * A public function URL, while its condition holds. The function itself verifies the platform's signature, which IAM does not know. It has
 * no queue, because the caller sees a failure and calls again.
 */
function url(key: UrlFunctionKey): Trigger {
  const ids = functionIds(key);
  const condition = URL_FUNCTIONS[key].condition satisfies ConditionName;
  const target = { FunctionName: aliasOf(ids.function), Principal: '*' };
  return {
    allow: [],
    resources: {
      [ids.url]: new Url({ TargetFunctionArn: aliasOf(ids.function), AuthType: 'NONE' }).condition(condition),
      // A function URL created since October 2025 needs both permissions (Lambda developer guide, "Control access to Lambda function URLs").
      [ids.urlPermission]: new Permission({
        ...target,
        Action: 'lambda:InvokeFunctionUrl',
        FunctionUrlAuthType: 'NONE',
      }).condition(condition),
      [ids.urlInvocation]: new Permission({
        ...target,
        Action: 'lambda:InvokeFunction',
        InvokedViaFunctionUrl: true,
      } as PermissionProperties).condition(condition),
    },
  };
}
