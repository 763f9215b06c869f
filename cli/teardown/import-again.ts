import { DescribeTableCommand, ResourceNotFoundException as NoTable } from '@aws-sdk/client-dynamodb';
import {
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  ResourceNotFoundException as NotOnEventBridge,
} from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, QueueDoesNotExist } from '@aws-sdk/client-sqs';
import { APPLICATION } from '../../contracts/names';
import importTemplate from '../../import-template.json';
import type { Target } from '../target/target';

/**
 * Gives the identifier by which CloudFormation imports a resource of each type ("Resource type support for imports"). Throws the service's error
 * when the resource does not exist.
 */
const IDENTIFY: Readonly<
  Record<string, (name: string, target: Target) => Promise<Record<string, string | undefined>>>
> = {
  'AWS::DynamoDB::Table': async (TableName, { db }) => {
    await db.send(new DescribeTableCommand({ TableName }));
    return { TableName };
  },
  'AWS::SQS::Queue': async (QueueName, { sqs }) => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    return { QueueUrl };
  },
  'AWS::Events::EventBus': async (Name, { events }) => {
    await events.send(new DescribeEventBusCommand({ Name }));
    return { Name };
  },
  'AWS::Events::Archive': async (ArchiveName, { events }) => {
    await events.send(new DescribeArchiveCommand({ ArchiveName }));
    return { ArchiveName };
  },
};

const NOT_FOUND = [NoTable, NotOnEventBridge, QueueDoesNotExist];

/** Types of resources that outlive their stack and can be imported again. */
export const IMPORTABLE = Object.keys(IDENTIFY);

/** Finds an environment's importable resources by name, so that it also works for a deleted stack. */
async function toImport(target: Target) {
  const resources = Object.entries(importTemplate.Resources).map(async ([LogicalResourceId, { Type, Properties }]) => {
    const name = nameOf(Properties).replace('${EnvironmentSuffix}', target.environment);
    try {
      const ResourceIdentifier = await IDENTIFY[Type]?.(name, target);
      return ResourceIdentifier ? [{ ResourceType: Type, LogicalResourceId, ResourceIdentifier }] : [];
    } catch (error) {
      if (NOT_FOUND.some((notFound) => error instanceof notFound)) return [];
      throw error;
    }
  });
  return (await Promise.all(resources)).flat();
}

/** A resource's name: the property that ends in the environment. */
function nameOf(properties: Readonly<Record<string, unknown>>): string {
  const texts = Object.values(properties).map((value) => (value as { 'Fn::Sub'?: string })['Fn::Sub'] ?? '');
  return texts.find((text) => text.endsWith('-${EnvironmentSuffix}')) ?? '';
}

/** Template for the import: the file, or its part when some resources no longer exist, since an import must list every resource. */
function templateOf(resources: Awaited<ReturnType<typeof toImport>>): string {
  const { Resources } = importTemplate;
  if (resources.length === Object.keys(Resources).length) return 'file://import-template.json';
  const ids = new Set(resources.map(({ LogicalResourceId }) => LogicalResourceId));
  const existing = Object.fromEntries(Object.entries(Resources).filter(([id]) => ids.has(id)));
  return JSON.stringify({ ...importTemplate, Resources: existing });
}

/** Commands to type in a checkout that create a stack from the resources of a deleted one; none when no resource remains. */
export async function importCommands(target: Target): Promise<string[]> {
  const resources = await toImport(target);
  if (resources.length === 0) return [];
  const { aws, sam, environment } = target;
  const stack = target.name(APPLICATION);
  return [
    aws`cloudformation create-change-set --stack-name ${stack} --change-set-name import --change-set-type IMPORT --template-body ${templateOf(resources)} --parameters ParameterKey=EnvironmentSuffix,ParameterValue=${environment} --resources-to-import ${JSON.stringify(resources)}`,
    aws`cloudformation wait change-set-create-complete --stack-name ${stack} --change-set-name import`,
    aws`cloudformation execute-change-set --stack-name ${stack} --change-set-name import`,
    aws`cloudformation wait stack-import-complete --stack-name ${stack}`,
    `sam build && ${sam`deploy --config-env ${environment}`}`,
  ];
}
