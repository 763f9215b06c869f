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

/** Identifiers by which CloudFormation imports an existing resource. */
interface ToImport {
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly ResourceIdentifier: Readonly<Record<string, string | undefined>>;
}

/**
 * A resource by its name, as CloudFormation identifies one of its type ("Resource type support for imports"); throws what the service
 * answers when there is none.
 */
const IDENTIFY: Readonly<Record<string, (name: string, target: Target) => Promise<ToImport['ResourceIdentifier']>>> = {
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

const NOT_THERE = [NoTable, NotOnEventBridge, QueueDoesNotExist];

/** The types that outlive their stack and can be imported again. */
export const IMPORTABLE = Object.keys(IDENTIFY);

/** Everything of an environment that is there to be imported; by its name, so this works for a stack that is gone, too. */
async function toImport(target: Target): Promise<ToImport[]> {
  const resources = Object.entries(importTemplate.Resources).map(async ([LogicalResourceId, { Type, Properties }]) => {
    const name = nameOf(Properties).replace('${EnvironmentSuffix}', target.environment);
    try {
      const ResourceIdentifier = await IDENTIFY[Type]?.(name, target);
      return ResourceIdentifier ? [{ ResourceType: Type, LogicalResourceId, ResourceIdentifier }] : [];
    } catch (error) {
      if (NOT_THERE.some((missing) => error instanceof missing)) return [];
      throw error;
    }
  });
  return (await Promise.all(resources)).flat();
}

/** The name among a resource's properties: the one that ends in the environment. */
function nameOf(properties: Readonly<Record<string, unknown>>): string {
  const texts = Object.values(properties).map((value) => (value as { 'Fn::Sub'?: string })['Fn::Sub'] ?? '');
  return texts.find((text) => text.endsWith('-${EnvironmentSuffix}')) ?? '';
}

/** The template of these resources: the file, or, when something has been deleted, what is left of it. An import takes no other resource. */
function templateOf(resources: readonly ToImport[]): string {
  const { Resources } = importTemplate;
  if (resources.length === Object.keys(Resources).length) return 'file://import-template.json';
  const ids = new Set(resources.map(({ LogicalResourceId }) => LogicalResourceId));
  const left = Object.fromEntries(Object.entries(Resources).filter(([id]) => ids.has(id)));
  return JSON.stringify({ ...importTemplate, Resources: left });
}

/** The commands that make a stack anew around what one that was deleted has left, to be typed in a checkout; none when nothing is left. */
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
