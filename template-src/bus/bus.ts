import Archive from 'cloudform-types/types/events/archive';
import EventBus from 'cloudform-types/types/events/eventBus';
import EventBusPolicy from 'cloudform-types/types/events/eventBusPolicy';
import Rule from 'cloudform-types/types/events/rule';
import { contract as eventFailed } from '../../contracts/events/notification-handler/event-failed';
import { contract as processingError } from '../../contracts/events/notification-handler/processing-error';
import { contract as shipmentCreated } from '../../contracts/events/shipment-processor/shipment-created';
import { EVENT_FUNCTION_KEYS, type FunctionKey, QUEUED_FUNCTION_KEYS } from '../../contracts/functions';
import { CONTRACTS } from '../../contracts/generated/contracts';
import { NAMES } from '../../contracts/names';
import { ARCHIVE_DAYS } from '../../contracts/retention';
import { STATUS_SOURCE } from '../../contracts/status-events';
import { arnOf, named, ref } from '../intrinsics';
import { BUS_ID, functionIds } from '../logical-ids';
import type { ConditionName, ParameterName } from '../parameters';
import { type Resources, retained } from '../resources';
import { busLogConfig } from './bus-logs';
import { patternOfOtherSources, patternOfUnrouted } from './patterns';
import { queueForRule } from './queue';

export const UNROUTED_RULE_ID = 'UnroutedRule';
export const UNROUTED_QUEUE_ID = 'UnroutedQueue';

/**
 * Lets other accounts put events of one source on the bus. `events:source` lists the sources of all entries of a call ("Using IAM policy
 * conditions in Amazon EventBridge"). `ForAllValues` requires each to be this source, but also holds for a call without a source.
 */
const mayPutEvents = (StatementId: string, accounts: ParameterName, source: string): EventBusPolicy =>
  new EventBusPolicy({
    EventBusName: ref(BUS_ID),
    StatementId,
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: ref(accounts) },
      Action: 'events:PutEvents',
      Resource: arnOf(BUS_ID),
      Condition: { 'ForAllValues:StringEquals': { 'events:source': source }, Null: { 'events:source': 'false' } },
    },
  });

/**
 * Denies events of a source to every caller, of any account, but the roles of these functions. A caller without a role has no
 * `aws:PrincipalArn`, for which a negated operator holds. The source of PutEvents may be one value or a list: `ForAnyValue` accepts both.
 * (EventBridge user guide, "Permissions for event buses"; IAM user guide, "aws:PrincipalArn": for an assumed role, the role's own ARN)
 */
const onlyRolesPut = (StatementId: string, source: string, functions: readonly FunctionKey[]): EventBusPolicy =>
  new EventBusPolicy({
    EventBusName: ref(BUS_ID),
    StatementId,
    Statement: {
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 'events:PutEvents',
      Resource: arnOf(BUS_ID),
      Condition: {
        'ForAnyValue:StringEquals': { 'events:source': source },
        ArnNotEquals: { 'aws:PrincipalArn': functions.map((key) => arnOf(functionIds(key).role)) },
      },
    },
  });

export const bus: Resources = {
  // An archive belongs to one bus for good, and its managed rule keeps CloudFormation from deleting that bus: both outlive the stack.
  [BUS_ID]: retained(new EventBus({ Name: named(NAMES.bus), ...busLogConfig })),
  ProducerAccess: mayPutEvents('OtherAccountsPutEvents', 'ProducerAccountIds', shipmentCreated.source).condition(
    'HasProducerAccounts' satisfies ConditionName,
  ),
  ErrorProducerAccess: mayPutEvents(
    'OtherAccountsReportErrors',
    'ErrorProducerAccountIds',
    processingError.source,
  ).condition('HasErrorProducerAccounts' satisfies ConditionName),
  OwnAnnouncements: onlyRolesPut(
    'OnlyTheFunctionsAnnounce',
    eventFailed.source,
    QUEUED_FUNCTION_KEYS.filter((key) => key !== 'notification-handler' && key !== 'stalled-shipments'),
  ),
  // Subscribers keep the greatest version: a forged one would stay for ever.
  OwnStatusEvents: onlyRolesPut('OnlyTheFunctionPublishes', STATUS_SOURCE, ['status-publisher', 'stalled-shipments']),
  Archive: retained(
    new Archive({
      ArchiveName: named(NAMES.archive),
      Description: 'Every incoming event, for replay.',
      SourceArn: arnOf(BUS_ID),
      // Status events follow from incoming events, so a replay leaves them out.
      EventPattern: patternOfOtherSources(STATUS_SOURCE),
      RetentionDays: ARCHIVE_DAYS,
    }),
  ),
  // Without this rule an event with a mistyped source or detail-type would be lost. It is updated after the other rules, so that a new
  // contract's events always match a rule.
  [UNROUTED_RULE_ID]: new Rule({
    Name: named(NAMES.unroutedRule),
    Description: 'Keeps events that match no other rule.',
    EventBusName: ref(BUS_ID),
    EventPattern: patternOfUnrouted(Object.values(CONTRACTS).flat(), STATUS_SOURCE),
    Targets: [{ Id: 'queue', Arn: arnOf(UNROUTED_QUEUE_ID) }],
  }).dependsOn(EVENT_FUNCTION_KEYS.map((key) => functionIds(key).rule)),
  ...queueForRule(UNROUTED_QUEUE_ID, NAMES.unroutedQueue, UNROUTED_RULE_ID),
};
