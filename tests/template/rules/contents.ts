import { FUNCTION_KEYS } from '../../../contracts/functions';
import { functionIds } from '../../../template-src/function-ids';
import { mustBe, type Rules } from './rule';

const ofFunctions = FUNCTION_KEYS.map(functionIds).flatMap((ids) => [
  [ids.function, 'AWS::Serverless::Function'],
  [ids.role, 'AWS::IAM::Role'],
  [ids.logGroup, 'AWS::Logs::LogGroup'],
  [ids.rule, 'AWS::Events::Rule'],
  [ids.permission, 'AWS::Lambda::Permission'],
  [ids.queue, 'AWS::SQS::Queue'],
  [`${ids.queue}Policy`, 'AWS::SQS::QueuePolicy'],
]);

const CONTENTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(ofFunctions),
  GradualDeploymentRole: 'AWS::IAM::Role',
  EventBus: 'AWS::Events::EventBus',
  ProducerAccess: 'AWS::Events::EventBusPolicy',
  ErrorProducerAccess: 'AWS::Events::EventBusPolicy',
  Archive: 'AWS::Events::Archive',
  UnroutedRule: 'AWS::Events::Rule',
  UnroutedQueue: 'AWS::SQS::Queue',
  UnroutedQueuePolicy: 'AWS::SQS::QueuePolicy',
  ShipmentEventsTable: 'AWS::DynamoDB::Table',
  ShipmentsTable: 'AWS::DynamoDB::Table',
  ErrorEventsTable: 'AWS::DynamoDB::Table',
  DataKey: 'AWS::KMS::Key',
  DataKeyAlias: 'AWS::KMS::Alias',
  TopicKey: 'AWS::KMS::Key',
  TopicKeyAlias: 'AWS::KMS::Alias',
  AlertsTopic: 'AWS::SNS::Topic',
  ProcessingTopic: 'AWS::SNS::Topic',
  AlertsTopicPolicy: 'AWS::SNS::TopicPolicy',
  ProcessingTopicPolicy: 'AWS::SNS::TopicPolicy',
  AlertEmailSubscription: 'AWS::SNS::Subscription',
  Dashboard: 'AWS::CloudWatch::Dashboard',
};

/** How many of them is for the rules on them to say. */
const COUNTED_ELSEWHERE = ['AWS::CloudWatch::Alarm', 'AWS::Logs::QueryDefinition'];

export const contentRules: Rules = {
  // A resource under another logical id is another resource: CloudFormation replaces it.
  'the stack holds these resources under these ids, and no others beside alarms and queries': ({ Resources }) => {
    const types = Object.entries(Resources).map(([id, { Type }]) => [id, Type] as const);
    const contents = Object.fromEntries(types.filter(([, type]) => !COUNTED_ELSEWHERE.includes(type)));
    return mustBe('the contents', contents, CONTENTS);
  },
};
