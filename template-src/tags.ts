import type Resource from 'cloudform-types/types/resource';
import { APPLICATION } from '../contracts/names';
import { ref } from './intrinsics';
import type { Resources } from './resources';

const TAGS = { Environment: ref('EnvironmentSuffix'), Application: APPLICATION, ManagedBy: 'aws-sam' };

/** Resource types without tags in CloudFormation. */
const UNTAGGED = new Set([
  'AWS::CloudWatch::Dashboard',
  'AWS::Events::Archive',
  'AWS::Events::EventBusPolicy',
  'AWS::KMS::Alias',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Logs::QueryDefinition',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

/** Adds the application's tags to each resource that can have tags. The deployer's own are added by `sam deploy --tags`. */
export function withTags(resources: Resources): Resources {
  return Object.fromEntries(Object.entries(resources).map(([id, resource]) => [id, tagged(resource)]));
}

function tagged(resource: Resource): Resource {
  if (UNTAGGED.has(resource.Type)) return resource;
  const Tags =
    resource.Type === 'AWS::Serverless::Function' ? TAGS : Object.entries(TAGS).map(([Key, Value]) => ({ Key, Value }));
  return { ...resource, Properties: { ...resource.Properties, Tags } };
}
