/**
 * Calls of CloudFormation for each type of this stack: the permissions of the type's handlers (`aws cloudformation describe-type --type RESOURCE
 * --type-name …`, read in November 2026; for CodeDeploy's deployment groups and Lambda's permissions, which have none, the APIs), without
 * those of properties that this template does not have.
 */
const TAGS = 'ListTagsForResource TagResource UntagResource';

/** To make, read and update one, and to delete one. */
const CALLS: Readonly<Record<string, readonly [keep: string, remove?: string]>> = {
  'AWS::CloudWatch::Alarm': [`PutMetricAlarm DescribeAlarms ${TAGS}`, 'DeleteAlarms'],
  'AWS::CloudWatch::Dashboard': ['PutDashboard GetDashboard', 'DeleteDashboards'],
  'AWS::CodeDeploy::Application': [`CreateApplication GetApplication ${TAGS}`, 'DeleteApplication'],
  'AWS::CodeDeploy::DeploymentGroup': [
    `CreateDeploymentGroup GetDeploymentGroup UpdateDeploymentGroup ${TAGS}`,
    'DeleteDeploymentGroup',
  ],
  'AWS::DynamoDB::Table': [
    `CreateTable DescribeTable UpdateTable DescribeTimeToLive UpdateTimeToLive DescribeContinuousBackups UpdateContinuousBackups
     DescribeContributorInsights DescribeKinesisStreamingDestination GetResourcePolicy ListTagsOfResource TagResource UntagResource`,
    'DeleteTable',
  ],
  'AWS::Events::Archive': ['CreateArchive DescribeArchive UpdateArchive', 'DeleteArchive'],
  'AWS::Events::EventBus': [`CreateEventBus DescribeEventBus UpdateEventBus ${TAGS}`, 'DeleteEventBus'],
  'AWS::Events::Rule': [`PutRule DescribeRule PutTargets RemoveTargets ListTargetsByRule ${TAGS}`, 'DeleteRule'],
  'AWS::IAM::Role': [
    `CreateRole GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy PutRolePermissionsBoundary PutRolePolicy GetRolePolicy
     DeleteRolePolicy ListRolePolicies ListAttachedRolePolicies TagRole UntagRole`,
    'DeleteRole',
  ],
  'AWS::KMS::Alias': ['CreateAlias UpdateAlias ListAliases', 'DeleteAlias'],
  'AWS::KMS::Key': [
    `CreateKey DescribeKey EnableKeyRotation GetKeyPolicy GetKeyRotationStatus ListResourceTags PutKeyPolicy TagResource UntagResource
     UpdateKeyDescription`,
    'ScheduleKeyDeletion',
  ],
  'AWS::Lambda::Alias': ['CreateAlias GetAlias UpdateAlias', 'DeleteAlias'],
  'AWS::Lambda::EventInvokeConfig': [
    'PutFunctionEventInvokeConfig GetFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig',
    'DeleteFunctionEventInvokeConfig',
  ],
  'AWS::Lambda::EventSourceMapping': [
    'CreateEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping ListTags TagResource UntagResource',
    'DeleteEventSourceMapping',
  ],
  'AWS::Lambda::Function': [
    `CreateFunction GetFunction GetFunctionCodeSigningConfig GetFunctionConfiguration GetFunctionRecursionConfig GetFunctionScalingConfig
     GetPolicy GetRuntimeManagementConfig ListTags UpdateFunctionCode UpdateFunctionConfiguration PutFunctionConcurrency
     DeleteFunctionConcurrency TagResource UntagResource`,
    'DeleteFunction',
  ],
  'AWS::Lambda::Permission': ['AddPermission GetPolicy', 'RemovePermission'],
  'AWS::Lambda::Url': [
    'CreateFunctionUrlConfig GetFunctionUrlConfig UpdateFunctionUrlConfig',
    'DeleteFunctionUrlConfig',
  ],
  'AWS::Lambda::Version': ['PublishVersion GetFunctionConfiguration GetProvisionedConcurrencyConfig'],
  'AWS::Logs::LogGroup': [
    `CreateLogGroup DescribeLogGroups DescribeIndexPolicies DescribeResourcePolicies GetDataProtectionPolicy PutRetentionPolicy AssociateKmsKey
     DisassociateKmsKey ${TAGS}`,
    'DeleteLogGroup',
  ],
  'AWS::Logs::QueryDefinition': ['PutQueryDefinition DescribeQueryDefinitions', 'DeleteQueryDefinition'],
  'AWS::SNS::Subscription': [
    'Subscribe GetSubscriptionAttributes SetSubscriptionAttributes ListSubscriptionsByTopic',
    'Unsubscribe',
  ],
  'AWS::SNS::Topic': [
    `CreateTopic GetTopicAttributes SetTopicAttributes GetDataProtectionPolicy ${TAGS}`,
    'DeleteTopic',
  ],
  'AWS::SNS::TopicPolicy': ['GetTopicAttributes SetTopicAttributes'],
  'AWS::SQS::Queue': [
    'CreateQueue GetQueueUrl GetQueueAttributes SetQueueAttributes ListQueueTags TagQueue UntagQueue',
    'DeleteQueue',
  ],
  'AWS::SQS::QueuePolicy': ['GetQueueAttributes SetQueueAttributes'],
};

/** Actions that a deployment takes on a resource of a type. */
export function needsOf(type: string): Readonly<Record<'keep' | 'remove', string>> {
  const calls = CALLS[type];
  if (!calls)
    throw new Error(
      `what a deployment needs for ${type} is not known: add it to deployment-needs.ts and to .github/deploy-role.yaml`,
    );
  const service = type.split('::')[1]?.toLowerCase();
  const [keep, remove = ''] = calls;
  return { keep: `${service}:${keep}`, remove: `${service}:${remove}` };
}

/** Calls of SAM on the stack, and the artifacts that CloudFormation and Lambda fetch with the caller's credentials. */
export const SAM_CALLS =
  'cloudformation:CreateChangeSet DescribeChangeSet ExecuteChangeSet DescribeStacks DescribeStackEvents GetTemplateSummary ListStackResources';
export const ARTIFACT_CALLS = 's3:GetObject PutObject';

/** Calls that move an alias gradually (`UpdatePolicy`), on the deployment group and its application. */
export const GRADUAL_CALLS = {
  group: 'codedeploy:CreateDeployment GetDeployment',
  application: 'codedeploy:GetApplicationRevision RegisterApplicationRevision',
  config: 'codedeploy:GetDeploymentConfig',
  any: 'codedeploy:StopDeployment',
};

/** Calls that would harm another environment, beyond the above. */
export const DATA_CALLS: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'dynamodb:DeleteItem GetItem PutItem Query Scan UpdateItem',
  'AWS::Events::EventBus': 'events:PutEvents',
  'AWS::KMS::Key': 'kms:CreateGrant Decrypt DisableKey GenerateDataKey',
  'AWS::Lambda::Function': 'lambda:InvokeFunction',
  'AWS::Logs::LogGroup': 'logs:GetLogEvents FilterLogEvents StartQuery',
  'AWS::SNS::Topic': 'sns:Publish',
  'AWS::SQS::Queue': 'sqs:DeleteMessage PurgeQueue ReceiveMessage SendMessage',
};
