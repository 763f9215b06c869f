import { TABLES } from '../../contracts/tables';
import { THRESHOLDS } from '../defaults';
import { ref } from '../intrinsics';
import { pascalCase } from '../pascal-case';
import { TABLE_IDS, type TableKey } from '../tables';
import type { AlarmDefinition, AlarmDefinitions } from './alarm';

const kebabCase = (camel: string) => camel.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The alarm of a table, or of one of its indexes. */
export const throttlesAlarmId = (key: TableKey, index = '') => `${TABLE_IDS[key]}${pascalCase(index)}ThrottlesAlarm`;

/**
 * Write throttles of each table and each index. An index that is throttled throttles the table's writes, but its events are
 * counted under the index's own dimension only.
 */
export const tableAlarms: AlarmDefinitions = Object.fromEntries(
  (Object.keys(TABLE_IDS) as TableKey[]).flatMap((key) => [
    throttleAlarm(key),
    ...Object.keys(TABLES[key].indexes).map((index) => throttleAlarm(key, index)),
  ]),
);

function throttleAlarm(key: TableKey, index?: string): [string, AlarmDefinition] {
  // The log is written first and most: its alarm has the system's name.
  const which = [key === 'shipmentEvents' ? '' : kebabCase(key), index].filter(Boolean).join('-');
  const table = `${TABLES[key].name}-\${EnvironmentSuffix}`;
  return [
    throttlesAlarmId(key, index),
    {
      kind: 'DynamoDB throttles writes',
      name: ['logistics-dynamodb-throttles', which].filter(Boolean).join('-'),
      meaning:
        'DynamoDB throttles writes of this table or index; events are retried and late, not lost. An index that is throttled throttles its table.',
      look: 'the hottest partition takes 1,000 write units a second: of a status index, that is one status. Else the table is new to such traffic.',
      command: `aws dynamodb describe-table --table-name ${table}`,
      namespace: 'AWS/DynamoDB',
      metric: 'WriteThrottleEvents',
      statistic: 'Sum',
      dimensions: { TableName: ref(TABLE_IDS[key]), ...(index && { GlobalSecondaryIndexName: index }) },
      threshold: THRESHOLDS.writeThrottles,
    },
  ];
}
