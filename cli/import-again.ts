import { APPLICATION } from '../contracts/names';
import importTemplate from '../import-template.json';
import type { Target } from './target';

/** What CloudFormation has to know of an existing resource to take it into a stack. */
interface ToImport {
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly ResourceIdentifier: Readonly<Record<string, string>>;
}

/** The tables of an environment: their names are all that is needed, so this works for a stack that is gone, too. */
const toImport = (environment: string): ToImport[] =>
  Object.entries(importTemplate.Resources).map(([LogicalResourceId, { Type, Properties }]) => ({
    ResourceType: Type,
    LogicalResourceId,
    ResourceIdentifier: { TableName: Properties.TableName['Fn::Sub'].replace('${EnvironmentSuffix}', environment) },
  }));

/** The commands that make a stack anew around the tables of one that was deleted, to be typed in a checkout. */
export function importCommands({ aws, sam, environment, name }: Target): string[] {
  const stack = name(APPLICATION);
  return [
    aws`cloudformation create-change-set --stack-name ${stack} --change-set-name import --change-set-type IMPORT --template-body file://import-template.json --parameters ParameterKey=EnvironmentSuffix,ParameterValue=${environment} --resources-to-import ${JSON.stringify(toImport(environment))}`,
    aws`cloudformation wait change-set-create-complete --stack-name ${stack} --change-set-name import`,
    aws`cloudformation execute-change-set --stack-name ${stack} --change-set-name import`,
    aws`cloudformation wait stack-import-complete --stack-name ${stack}`,
    `sam build && ${sam`deploy --config-env ${environment}`}`,
  ];
}
