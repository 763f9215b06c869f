/** What invokes a function, with all that belongs to it: where its failures go, and what its role needs for it. */

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
import { ownQueue, queueForRule } from '../bus/queue';
import { FUNCTION_FIGURES, MAX_EVENT_AGE_SECONDS, STREAM_FIGURES } from '../defaults';
import { aliasOf, arnOf, named, ref } from '../intrinsics';
import { BUS_ID, functionIds } from '../logical-ids';
import type { ConditionName } from '../parameters';
import { allow, type Statement } from '../policy';
import type { Resources } from '../resources';
import { TABLE_IDS } from '../storage/tables';

interface Trigger {
  /** Of the function itself. */
  readonly properties: { readonly EventInvokeConfig?: object };
  readonly allow: readonly Statement[];
  readonly resources: Resources;
}

const isStreamFunction = (key: FunctionKey): key is StreamFunctionKey => key in STREAM_FUNCTIONS;

export function triggerOf(key: FunctionKey): Trigger {
  if (isStreamFunction(key)) return stream(key);
  if (isUrlFunction(key)) return url(key);
  return isScheduledFunction(key) ? schedule(key) : events(key);
}

/** The events of the bus that the function's contracts are about. */
const events = (key: EventFunctionKey): Trigger =>
  rule(key, EVENT_FUNCTIONS[key], {
    Description: `Hands events to ${functionName(key)}.`,
    EventBusName: ref(BUS_ID),
    EventPattern: patternOf(CONTRACTS[key]),
  });

/**
 * An event at a rate. A rule of the default bus, which takes no other kind of rule with a schedule: EventBridge Scheduler's schedules take no
 * tags, and need a role each (docs/decisions/0029).
 */
const schedule = (key: ScheduledFunctionKey): Trigger =>
  rule(key, SCHEDULED_FUNCTIONS[key], {
    Description: `Runs ${functionName(key)}.`,
    ScheduleExpression: FUNCTION_FIGURES[key].rate,
    State: If(SCHEDULED_FUNCTIONS[key].condition satisfies ConditionName, 'ENABLED', 'DISABLED'),
  });

/** Lambda hands what failed over with the function's role. */
const mayFillQueue = (queueId: string) => allow('sqs:SendMessage', arnOf(queueId));

/**
 * A rule's events, each an asynchronous invocation. The rule and the permission are plain resources: SAM's `Events` would leave its rules
 * without tags and names.
 */
function rule(
  key: EventFunctionKey | ScheduledFunctionKey,
  { rule: name, maximumRetryAttempts }: { readonly rule: string; readonly maximumRetryAttempts: number },
  takes: RuleProperties,
): Trigger {
  const ids = functionIds(key);
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
        ...takes,
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
 * A table's changes, in batches that Lambda reads from the table's stream with the function's role. A failed batch is tried again from where
 * the function says; what grows too old is named in the queue before the stream forgets it.
 */
function stream(key: StreamFunctionKey): Trigger {
  const ids = functionIds(key);
  const { table, condition } = STREAM_FUNCTIONS[key];
  const source = GetAtt(TABLE_IDS[table], 'StreamArn');
  return {
    properties: {},
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
        // What changed while there was no mapping is published once there is one.
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: STREAM_FIGURES.batchSize,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        MaximumRecordAgeInSeconds: STREAM_FIGURES.maxAgeSeconds,
        DestinationConfig: { OnFailure: { Destination: arnOf(ids.queue) } },
      }).condition(condition satisfies ConditionName),
      ...ownQueue(ids.queue, deadLetterQueueName(key)),
    },
  };
}

/**
 * A public address of its own, while its condition holds. The function itself verifies the platform's signature: a
 * carrier signs nothing that IAM knows. The caller has its answer at once and tries again, so there is no queue.
 */
function url(key: UrlFunctionKey): Trigger {
  const ids = functionIds(key);
  const opens = URL_FUNCTIONS[key].condition satisfies ConditionName;
  const target = { FunctionName: aliasOf(ids.function), Principal: '*' };
  return {
    properties: {},
    allow: [],
    resources: {
      [ids.url]: new Url({ TargetFunctionArn: aliasOf(ids.function), AuthType: 'NONE' }).condition(opens),
      // An address that is made since October 2025 needs both (Lambda developer guide, "Control access to Lambda function URLs").
      [ids.urlPermission]: new Permission({
        ...target,
        Action: 'lambda:InvokeFunctionUrl',
        FunctionUrlAuthType: 'NONE',
      }).condition(opens),
      [ids.urlInvocation]: new Permission({
        ...target,
        Action: 'lambda:InvokeFunction',
        InvokedViaFunctionUrl: true,
      } as PermissionProperties).condition(opens),
    },
  };
}
