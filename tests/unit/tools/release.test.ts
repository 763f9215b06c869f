import {
  CURRENT_CONTRACTS,
  contractProblems,
  type ReleasedContract,
  unannouncedVersions,
} from '../../../tools/release/contracts';
import { currentTables, tableProblems } from '../../../tools/release/tables';

/** A copy with this value at a path; undefined removes it. */
function withValue<T>(document: T, path: string, value: unknown): T {
  const copy = JSON.parse(JSON.stringify(document));
  const names = path.split('.');
  const parent = names.slice(0, -1).reduce((object, name) => object[name], copy);
  parent[names.at(-1) ?? ''] = value;
  return JSON.parse(JSON.stringify(copy));
}

it('requires the first section of the changelog to name new contracts and versions', () => {
  const [before, raised] = [CURRENT_CONTRACTS, withValue({ ...CURRENT_CONTRACTS }, 'shipment-created.version', 9)];
  const { 'shipment-created': _, ...others } = CURRENT_CONTRACTS;
  const mentioning = (text: string) =>
    `# Changelog\n\n## Unreleased\n\n- ${text}.\n\n## 1.0\n\n- Shipment Created version 9.\n`;
  const problem =
    'CHANGELOG.md does not mention "Shipment Created version 9": write these words in an entry under "## Unreleased"';

  expect(unannouncedVersions(before, before, mentioning('Nothing'))).toEqual([]);
  expect(unannouncedVersions(others, before, mentioning('Nothing'))).toHaveLength(1);
  for (const text of ['Nothing', 'Shipment Created has a weight', 'Shipment Created version 99'])
    expect(unannouncedVersions(before, raised, mentioning(text))).toEqual([problem]);
  expect(unannouncedVersions(before, raised, mentioning('`Shipment\n  Created`, version 9: has a weight'))).toEqual([]);
});

describe('a released contract', () => {
  const name = 'shipment-status-updated';
  const released = CURRENT_CONTRACTS[name] as ReleasedContract;
  const { properties } = released.payload as { properties: Record<string, { enum: string[] }> };

  const problemsAfter = (direction: 'received' | 'sent', path: string, value: unknown) =>
    contractProblems(
      { [name]: { ...released, direction } },
      { [name]: withValue({ ...released, direction }, path, value) },
    );

  it.each<[change: string, compatible: string, path: string, value: unknown]>([
    ['another description', 'received sent', 'payload.properties.status.description', 'Where the shipment is.'],
    ['a new optional field', 'received sent', 'payload.properties.weight', { type: 'number' }],
    [
      'a new field in metadata',
      'received sent',
      'payload.properties.metadata.anyOf.0.properties.lane',
      { type: 'string' },
    ],
    ['a new required field', 'sent', 'payload.required', ['shipment_id', 'status', 'old_status']],
    ['a required field made optional', 'received', 'payload.required', ['shipment_id']],
    ['a dropped dependency', 'received', 'payload.dependentRequired.event_id', undefined],
    ['a new status', 'received', 'payload.properties.status.enum', [...(properties['status']?.enum ?? []), 'lost']],
    ['a removed status', '', 'payload.properties.status.enum', properties['status']?.enum.slice(1)],
    ['any text as a status', '', 'payload.properties.status.enum', undefined],
    [
      'null as a value',
      'received',
      'payload.properties.shipment_id',
      { anyOf: [properties['shipment_id'], { type: 'null' }] },
    ],
    ['null no longer allowed', '', 'payload.properties.event_id.anyOf.1', { type: 'boolean' }],
    ['a removed field', '', 'payload.properties.old_status', undefined],
    ['another type', '', 'payload.properties.metadata.anyOf.0.properties.origin.anyOf.0.type', 'number'],
    ['another source', '', 'headers.properties.source.const', 'other'],
    ['an older version', '', 'version', 0],
    ['a newer version', 'received sent', 'version', 2],
  ])('may have %s without a new version when it is: %s', (_, compatible, path, value) => {
    const passing = (['received', 'sent'] as const).filter(
      (direction) => problemsAfter(direction, path, value).length === 0,
    );
    expect(passing.join(' ')).toBe(compatible);
  });

  it('names the change and the remedy', () => {
    expect(problemsAfter('received', 'payload.required', ['old_status'])).toEqual([
      'shipment-status-updated: payload.required was ["shipment_id","status"] and is ["old_status"]: ' +
        'undo it, or raise shipment-status-updated to version 2 (CONTRIBUTING.md, "Change an event")',
    ]);
    expect(problemsAfter('sent', 'payload.required', [])).toEqual([
      expect.stringContaining(
        'to version 2 in contracts/sent.ts (CONTRIBUTING.md, "Add a status" and "Change an event")',
      ),
    ]);
    expect(contractProblems({ [name]: released }, {})).toEqual([expect.stringContaining(`${name} is gone`)]);
  });
});

describe('a released table', () => {
  it.each<[change: string, path: string, value: unknown]>([
    ['another name', 'ShipmentsTable.TableName', 'other'],
    ['no sort key', 'ShipmentEventsTable.KeySchema', [{ AttributeName: 'event_id', KeyType: 'HASH' }]],
    ['another type of a key', 'ShipmentEventsTable.keyTypes.timestamp', 'S'],
    ['an index made with the table', 'ErrorEventsTable.LocalSecondaryIndexes', []],
    ['another logical id', 'ShipmentsTable', undefined],
  ])('cannot have %s', (_, path, value) => {
    const problems = tableProblems(currentTables(), withValue(currentTables(), path, value));
    expect(problems).toEqual([expect.stringContaining(`${path} was`)]);
  });
});
