/** Table properties that CloudFormation cannot change in place: it would create a new, empty table. */
import { template } from '../../template-src/template';
import { describeChange, forbiddenChanges } from './frozen';

/** These properties of each table, by logical id; a new logical id is a new table, too. */
type ReleasedTables = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface TableResource {
  readonly Type: string;
  readonly Properties: {
    readonly TableName: unknown;
    readonly KeySchema: readonly { readonly AttributeName: string }[];
    readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
    readonly LocalSecondaryIndexes?: unknown;
  };
}

function tablesOf({ Resources }: { readonly Resources: object }): ReleasedTables {
  const resources: [string, TableResource][] = Object.entries(Resources);
  return Object.fromEntries(
    resources
      .filter(([, { Type }]) => Type === 'AWS::DynamoDB::Table')
      .map(([id, { Properties }]) => {
        const { TableName, KeySchema, AttributeDefinitions, LocalSecondaryIndexes } = Properties;
        const keys = KeySchema.map(({ AttributeName }) => AttributeName);
        const keyTypes = Object.fromEntries(
          AttributeDefinitions.filter(({ AttributeName }) => keys.includes(AttributeName)).map(
            ({ AttributeName, AttributeType }) => [AttributeName, AttributeType],
          ),
        );
        return [
          id,
          { TableName, KeySchema, keyTypes, ...(LocalSecondaryIndexes !== undefined && { LocalSecondaryIndexes }) },
        ];
      }),
  );
}

export const currentTables = (): ReleasedTables => tablesOf(JSON.parse(JSON.stringify(template)));

/** One line for each released table that a deployment would replace or leave behind. */
export const tableProblems = (released: ReleasedTables, current: ReleasedTables): string[] =>
  Object.entries(released).flatMap(([id, table]) =>
    forbiddenChanges(table, current[id], () => false, [id]).map(
      (change) =>
        `${describeChange(change)}: a deployment would replace the table with an empty one; undo the change, or add a second table (docs/security.md)`,
    ),
  );
