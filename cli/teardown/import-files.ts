import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { APPLICATION } from '../../contracts/names';
import { TABLES } from '../../contracts/tables';
import { parameters } from '../../template-src/parameters';
import { TABLE_IDS, type TableKey } from '../../template-src/tables';
import { retained } from '../../template-src/template';
import { templateYaml } from '../../template-src/yaml';
import type { Target } from '../target';

/** A resource as the stack has it. */
export type StackResource = Pick<StackResourceSummary, 'LogicalResourceId' | 'PhysicalResourceId' | 'ResourceType'>;

/** The property by which CloudFormation finds an existing resource of a type. */
const IDENTIFIERS: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::KMS::Key': 'KeyId',
};

/** What outlives the stack. */
export const retainedOf = (resources: readonly StackResource[]) =>
  resources.filter(({ LogicalResourceId = '' }) => LogicalResourceId in retained);

/** The tables of a stack that is gone: their names are known. Its key is not, and nothing but undelivered messages needs it. */
export const tablesOf = (target: Target): StackResource[] =>
  (Object.keys(TABLE_IDS) as TableKey[]).map((key) => ({
    LogicalResourceId: TABLE_IDS[key],
    PhysicalResourceId: target.name(TABLES[key].name),
    ResourceType: 'AWS::DynamoDB::Table',
  }));

/**
 * Writes what an import of retained resources into a new stack needs: a template with nothing else in it (an import may add only what
 * it imports, and without a macro it needs no build), and which existing resource each one is.
 * @returns the commands that import them
 */
export function writeImportFiles(folder: string, staying: readonly StackResource[], target: Target): string[] {
  const template = path.join(folder, 'template.yaml');
  const list = path.join(folder, 'resources.json');
  mkdirSync(folder, { recursive: true });
  writeFileSync(template, importTemplate(staying));
  writeFileSync(list, `${JSON.stringify(staying.map(toImport), null, 2)}\n`);

  const stack = target.name(APPLICATION);
  const changeSet = `--stack-name ${stack} --change-set-name import`;
  return [
    `aws cloudformation create-change-set ${changeSet} --change-set-type IMPORT --template-body file://${template} --resources-to-import file://${list} --parameters ParameterKey=EnvironmentSuffix,ParameterValue=${target.environment}`,
    `aws cloudformation wait change-set-create-complete ${changeSet}`,
    `aws cloudformation execute-change-set ${changeSet}`,
    `aws cloudformation wait stack-import-complete --stack-name ${stack}`,
    `sam build && sam deploy --config-env ${target.environment}`,
  ];
}

const importTemplate = (staying: readonly StackResource[]) =>
  templateYaml({
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'What outlived the stack, to be imported before the rest is deployed.',
    Parameters: { EnvironmentSuffix: parameters.EnvironmentSuffix },
    Resources: Object.fromEntries(
      Object.entries(retained).filter(([id]) => staying.some(({ LogicalResourceId }) => LogicalResourceId === id)),
    ),
  });

function toImport({ LogicalResourceId, PhysicalResourceId, ResourceType = '' }: StackResource) {
  const identifier = IDENTIFIERS[ResourceType];
  if (identifier === undefined) throw new Error(`it is not known how CloudFormation identifies a ${ResourceType}`);
  return { ResourceType, LogicalResourceId, ResourceIdentifier: { [identifier]: PhysicalResourceId } };
}
