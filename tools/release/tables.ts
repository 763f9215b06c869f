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

export function currentTables(): ReleasedTables {
  const resources = Object.entries(template.Resources ?? {}) as unknown as [string, TableResource][];
  const tables = resources
    .filter(([, { Type }]) => Type === 'AWS::DynamoDB::Table')
    .map(
      ([
        id,
        {
          Properties: { TableName, KeySchema, AttributeDefinitions, LocalSecondaryIndexes },
        },
      ]) => {
        const keys = KeySchema.map(({ AttributeName }) => AttributeName);
        const keyTypes = AttributeDefinitions.filter(({ AttributeName }) => keys.includes(AttributeName)).map(
          ({ AttributeName, AttributeType }) => [AttributeName, AttributeType],
        );
        return [id, { TableName, KeySchema, keyTypes: Object.fromEntries(keyTypes), LocalSecondaryIndexes }];
      },
    );
  // As JSON, like the baseline, in which an absent property has no name.
  return JSON.parse(JSON.stringify(Object.fromEntries(tables)));
}

/** One line for each released table that a deployment would replace or leave behind. */
export const tableProblems = (released: ReleasedTables, current: ReleasedTables): string[] =>
  Object.entries(released).flatMap(([id, table]) =>
    forbiddenChanges(table, current[id], () => false, [id]).map(
      (change) =>
        `${describeChange(change)}: a deployment would replace the table with an empty one; undo the change, or add a second table (docs/security.md)`,
    ),
  );
