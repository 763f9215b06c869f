/**
 * Calls of CloudFormation for each type of this stack: the permissions of the type's handlers (`aws cloudformation describe-type --type RESOURCE
 * --type-name …`, read in November 2026) without those of properties that the template does not use. CodeDeploy's deployment groups and
 * Lambda's permissions have no handlers: their calls are from the API references.
 */
const TAGS = 'ListTagsForResource TagResource UntagResource';

/** Calls that create, read and update a resource, and calls that delete it. */
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

/** Actions of a deployment on a resource of a type. */
export function needsOf(type: string): Readonly<Record<'keep' | 'remove', string>> {
  const calls = CALLS[type];
  if (!calls) throw new Error(`add ${type} to deployment-needs.ts, and its calls to .github/deploy-role.yaml`);
  const service = type.split('::')[1]?.toLowerCase();
  const [keep, remove = ''] = calls;
  return { keep: `${service}:${keep}`, remove: `${service}:${remove}` };
}

/** Calls of SAM on the stack. */
export const SAM_CALLS =
  'cloudformation:CreateChangeSet DescribeChangeSet ExecuteChangeSet DescribeStacks DescribeStackEvents GetTemplateSummary ListStackResources';

/** Calls of SAM, CloudFormation and Lambda on artifacts, with the caller's credentials. */
export const ARTIFACT_CALLS = 's3:GetObject PutObject';

/** Calls that move an alias gradually (`UpdatePolicy`), on the deployment group and its application. */
export const GRADUAL_CALLS = {
  group: 'codedeploy:CreateDeployment GetDeployment',
  application: 'codedeploy:GetApplicationRevision RegisterApplicationRevision',
  config: 'codedeploy:GetDeploymentConfig',
  any: 'codedeploy:StopDeployment',
};

/** More calls that would harm another environment. */
export const DATA_CALLS: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'dynamodb:DeleteItem GetItem PutItem Query Scan UpdateItem',
  'AWS::Events::EventBus': 'events:PutEvents',
  'AWS::KMS::Key': 'kms:CreateGrant Decrypt DisableKey GenerateDataKey',
  'AWS::Lambda::Function': 'lambda:InvokeFunction',
  'AWS::Logs::LogGroup': 'logs:GetLogEvents FilterLogEvents StartQuery',
  'AWS::SNS::Topic': 'sns:Publish',
  'AWS::SQS::Queue': 'sqs:DeleteMessage PurgeQueue ReceiveMessage SendMessage',
};
