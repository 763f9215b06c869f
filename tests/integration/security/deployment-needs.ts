/**
 * Calls of CloudFormation for each type of this stack: the permissions of the type's handlers (`aws cloudformation describe-type --type RESOURCE
 * --type-name …`, read in November 2026; for CodeDeploy's deployment groups and Lambda's permissions, which have none, the APIs), without
 * those of properties that this template does not have.
 */
export interface Needs {
  /** To make, read and update one. */
  readonly keep: readonly string[];
  /** To delete one. */
  readonly remove: readonly string[];
}

const of = (service: string, keep: string, remove = ''): Needs => ({
  keep: actions(service, keep),
  remove: actions(service, remove),
});

const actions = (service: string, names: string) =>
  names
    .split(/\s+/)
    .filter(Boolean)
    .map((name) => `${service}:${name}`);

export const NEEDS: Readonly<Record<string, Needs>> = {
  'AWS::CloudWatch::Alarm': of(
    'cloudwatch',
    'PutMetricAlarm DescribeAlarms TagResource UntagResource ListTagsForResource',
    'DeleteAlarms',
  ),
  'AWS::CloudWatch::Dashboard': of('cloudwatch', 'PutDashboard GetDashboard', 'DeleteDashboards'),
  'AWS::CodeDeploy::Application': of(
    'codedeploy',
    'CreateApplication GetApplication ListTagsForResource TagResource UntagResource',
    'DeleteApplication',
  ),
  'AWS::CodeDeploy::DeploymentGroup': of(
    'codedeploy',
    'CreateDeploymentGroup GetDeploymentGroup UpdateDeploymentGroup ListTagsForResource TagResource UntagResource',
    'DeleteDeploymentGroup',
  ),
  'AWS::DynamoDB::Table': of(
    'dynamodb',
    `CreateTable DescribeTable UpdateTable DescribeTimeToLive UpdateTimeToLive DescribeContinuousBackups UpdateContinuousBackups
     DescribeContributorInsights DescribeKinesisStreamingDestination GetResourcePolicy ListTagsOfResource TagResource UntagResource`,
    'DeleteTable',
  ),
  'AWS::Events::Archive': of('events', 'CreateArchive DescribeArchive UpdateArchive', 'DeleteArchive'),
  'AWS::Events::EventBus': of(
    'events',
    'CreateEventBus DescribeEventBus UpdateEventBus ListTagsForResource TagResource UntagResource',
    'DeleteEventBus',
  ),
  'AWS::Events::Rule': of(
    'events',
    'PutRule DescribeRule PutTargets RemoveTargets ListTargetsByRule ListTagsForResource TagResource UntagResource',
    'DeleteRule',
  ),
  'AWS::IAM::Role': of(
    'iam',
    `CreateRole GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy PutRolePermissionsBoundary PutRolePolicy GetRolePolicy
     DeleteRolePolicy ListRolePolicies ListAttachedRolePolicies TagRole UntagRole`,
    'DeleteRole',
  ),
  'AWS::KMS::Alias': of('kms', 'CreateAlias UpdateAlias ListAliases', 'DeleteAlias'),
  'AWS::KMS::Key': of(
    'kms',
    `CreateKey DescribeKey EnableKeyRotation GetKeyPolicy GetKeyRotationStatus ListResourceTags PutKeyPolicy TagResource UntagResource
     UpdateKeyDescription`,
    'ScheduleKeyDeletion',
  ),
  'AWS::Lambda::Alias': of('lambda', 'CreateAlias GetAlias UpdateAlias', 'DeleteAlias'),
  'AWS::Lambda::EventInvokeConfig': of(
    'lambda',
    'PutFunctionEventInvokeConfig GetFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig',
    'DeleteFunctionEventInvokeConfig',
  ),
  'AWS::Lambda::EventSourceMapping': of(
    'lambda',
    'CreateEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping ListTags TagResource UntagResource',
    'DeleteEventSourceMapping',
  ),
  'AWS::Lambda::Function': of(
    'lambda',
    `CreateFunction GetFunction GetFunctionCodeSigningConfig GetFunctionConfiguration GetFunctionRecursionConfig GetFunctionScalingConfig
     GetPolicy GetRuntimeManagementConfig ListTags UpdateFunctionCode UpdateFunctionConfiguration PutFunctionConcurrency
     DeleteFunctionConcurrency TagResource UntagResource`,
    'DeleteFunction',
  ),
  'AWS::Lambda::Permission': of('lambda', 'AddPermission GetPolicy', 'RemovePermission'),
  'AWS::Lambda::Url': of(
    'lambda',
    'CreateFunctionUrlConfig GetFunctionUrlConfig UpdateFunctionUrlConfig',
    'DeleteFunctionUrlConfig',
  ),
  'AWS::Lambda::Version': of('lambda', 'PublishVersion GetFunctionConfiguration GetProvisionedConcurrencyConfig'),
  'AWS::Logs::LogGroup': of(
    'logs',
    `CreateLogGroup DescribeLogGroups DescribeIndexPolicies DescribeResourcePolicies GetDataProtectionPolicy PutRetentionPolicy AssociateKmsKey
     DisassociateKmsKey ListTagsForResource TagResource UntagResource`,
    'DeleteLogGroup',
  ),
  'AWS::Logs::QueryDefinition': of('logs', 'PutQueryDefinition DescribeQueryDefinitions', 'DeleteQueryDefinition'),
  'AWS::SNS::Subscription': of(
    'sns',
    'Subscribe GetSubscriptionAttributes SetSubscriptionAttributes ListSubscriptionsByTopic',
    'Unsubscribe',
  ),
  'AWS::SNS::Topic': of(
    'sns',
    'CreateTopic GetTopicAttributes SetTopicAttributes GetDataProtectionPolicy ListTagsForResource TagResource UntagResource',
    'DeleteTopic',
  ),
  'AWS::SNS::TopicPolicy': of('sns', 'GetTopicAttributes SetTopicAttributes'),
  'AWS::SQS::Queue': of(
    'sqs',
    'CreateQueue GetQueueUrl GetQueueAttributes SetQueueAttributes ListQueueTags TagQueue UntagQueue',
    'DeleteQueue',
  ),
  'AWS::SQS::QueuePolicy': of('sqs', 'GetQueueAttributes SetQueueAttributes'),
};

/** Calls of SAM on the stack, and the artifacts that CloudFormation and Lambda fetch with the caller's credentials. */
export const SAM_CALLS = [
  ...actions('cloudformation', 'CreateChangeSet DescribeChangeSet ExecuteChangeSet'),
  ...actions('cloudformation', 'DescribeStacks DescribeStackEvents GetTemplateSummary ListStackResources'),
];
export const ARTIFACT_CALLS = actions('s3', 'GetObject PutObject');

/** Calls that move an alias gradually (`UpdatePolicy`), on the deployment group and its application. */
export const GRADUAL_CALLS = {
  group: actions('codedeploy', 'CreateDeployment GetDeployment'),
  application: actions('codedeploy', 'GetApplicationRevision RegisterApplicationRevision'),
  config: actions('codedeploy', 'GetDeploymentConfig'),
  any: actions('codedeploy', 'StopDeployment'),
};

/** Calls that would harm another environment, beyond the above. */
export const DATA_CALLS: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': actions('dynamodb', 'DeleteItem GetItem PutItem Query Scan UpdateItem'),
  'AWS::Events::EventBus': actions('events', 'PutEvents'),
  'AWS::KMS::Key': actions('kms', 'CreateGrant Decrypt DisableKey GenerateDataKey'),
  'AWS::Lambda::Function': actions('lambda', 'InvokeFunction'),
  'AWS::Logs::LogGroup': actions('logs', 'GetLogEvents FilterLogEvents StartQuery'),
  'AWS::SNS::Topic': actions('sns', 'Publish'),
  'AWS::SQS::Queue': actions('sqs', 'DeleteMessage PurgeQueue ReceiveMessage SendMessage'),
};
