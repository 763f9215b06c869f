import { readFileSync } from 'node:fs';
import { type ReleasedTables, replacements, tablesOf } from '../../template-src/data/replacements';
import { rendered } from './rendered';

const released: ReleasedTables = JSON.parse(readFileSync('template-src/data/released.json', 'utf8'));

/** The tables of the template after a change to it. */
function tablesAfter(change: (resources: typeof rendered.Resources) => void): ReleasedTables {
  const template = JSON.parse(JSON.stringify(rendered));
  change(template.Resources);
  return tablesOf(template);
}

it('a release is on record with every table', () => {
  expect(Object.keys(released).sort()).toEqual(['ErrorEventsTable', 'ShipmentEventsTable', 'ShipmentsTable']);
  expect(replacements(released, tablesOf(rendered))).toEqual([]);
});

describe('a change that would put an empty table in the place of one with data is refused:', () => {
  it.each<[string, Parameters<typeof tablesAfter>[0], RegExp]>([
    [
      'another name',
      ({ ShipmentsTable }) => {
        ShipmentsTable.Properties.TableName = 'other';
      },
      /^ShipmentsTable: TableName was .* and is "other": a deployment would replace/,
    ],
    ['without its sort key', ({ ShipmentEventsTable }) => ShipmentEventsTable.Properties.KeySchema.pop(), /KeySchema/],
    [
      'another type of a key',
      ({ ShipmentEventsTable }) => {
        ShipmentEventsTable.Properties.AttributeDefinitions[1].AttributeType = 'S';
      },
      /keyTypes was .*"timestamp":"N"/,
    ],
    [
      'an index that can only be made with the table',
      ({ ErrorEventsTable }) => {
        ErrorEventsTable.Properties.LocalSecondaryIndexes = [{ IndexName: 'by-type' }];
      },
      /LocalSecondaryIndexes was undefined/,
    ],
    [
      'another logical id',
      (resources) => {
        resources.Shipments = resources.ShipmentsTable;
        delete resources.ShipmentsTable;
      },
      /^ShipmentsTable is gone/,
    ],
  ])('%s', (_, change, problem) => {
    expect(replacements(released, tablesAfter(change))).toEqual([expect.stringMatching(problem)]);
  });
});

it('an index more or less replaces nothing', () => {
  const changed = tablesAfter(({ ShipmentEventsTable, ShipmentsTable }) => {
    ShipmentEventsTable.Properties.GlobalSecondaryIndexes.pop();
    ShipmentsTable.Properties.AttributeDefinitions.push({ AttributeName: 'carrier', AttributeType: 'S' });
  });

  expect(replacements(released, changed)).toEqual([]);
});
