/** What of a table CloudFormation cannot change: it makes a new, empty one instead. Indexes of the global kind come and go freely. */
import { isDeepStrictEqual } from 'node:util';

/** A table as far as a change of it means another table. */
export interface ReleasedTable {
  readonly TableName: unknown;
  readonly KeySchema: unknown;
  /** Types of the keys' attributes, by name. */
  readonly keyTypes: Readonly<Record<string, string>>;
  readonly LocalSecondaryIndexes?: unknown;
}

/** Tables by logical id: under another one it is another table, too. */
export type ReleasedTables = Readonly<Record<string, ReleasedTable>>;

interface TableResource {
  readonly Type: string;
  readonly Properties: {
    readonly TableName: unknown;
    readonly KeySchema: readonly { readonly AttributeName: string }[];
    readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
    readonly LocalSecondaryIndexes?: unknown;
  };
}

/** The tables of a rendered template. */
export function tablesOf(template: { readonly Resources: object }): ReleasedTables {
  const resources: [string, TableResource][] = Object.entries(template.Resources);
  return Object.fromEntries(
    resources
      .filter(([, { Type }]) => Type === 'AWS::DynamoDB::Table')
      .map(([id, { Properties }]) => {
        const { TableName, KeySchema, AttributeDefinitions, LocalSecondaryIndexes } = Properties;
        const keys = KeySchema.map(({ AttributeName }) => AttributeName);
        const types = AttributeDefinitions.filter(({ AttributeName }) => keys.includes(AttributeName));
        const keyTypes = Object.fromEntries(
          types.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
        );
        return [
          id,
          { TableName, KeySchema, keyTypes, ...(LocalSecondaryIndexes !== undefined && { LocalSecondaryIndexes }) },
        ];
      }),
  );
}

/** The released tables that a deployment would replace or leave behind, a line each. */
export function replacements(released: ReleasedTables, current: ReleasedTables): string[] {
  return Object.entries(released).flatMap(([id, table]) => {
    const now = current[id];
    if (now === undefined) return [`${id} is gone: a stack that has it would leave its data behind`];
    const changed = (['TableName', 'KeySchema', 'keyTypes', 'LocalSecondaryIndexes'] as const).find(
      (property) => !isDeepStrictEqual(table[property], now[property]),
    );
    if (changed === undefined) return [];
    const [was, is] = [table[changed], now[changed]].map((value) => JSON.stringify(value));
    return [`${id}: ${changed} was ${was} and is ${is}: a deployment would replace the table by an empty one`];
  });
}
