import { TABLES } from '../../contracts/tables';
import { THRESHOLDS } from '../defaults';
import { ref } from '../intrinsics';
import { TABLE_IDS, type TableKey } from '../tables';
import { type AlarmDefinitions, type Metric, sumOf } from './alarm';
import { onStack } from './command';

/** Of the log's table, from when each table had an alarm of its own: another id would make a second alarm of the same name. */
export const THROTTLES_ALARM_ID = `${TABLE_IDS.shipmentEvents}ThrottlesAlarm`;

/** Write throttles of a table, or of one of its indexes. */
const throttles = (key: TableKey, index?: string): Metric => ({
  namespace: 'AWS/DynamoDB',
  metric: 'WriteThrottleEvents',
  statistic: 'Sum',
  dimensions: { TableName: ref(TABLE_IDS[key]), ...(index && { GlobalSecondaryIndexName: index }) },
});

/** An index that is throttled throttles the table's writes, but its events are counted under the index's own dimension only. */
const metrics = (Object.keys(TABLE_IDS) as TableKey[]).flatMap((key) => [
  throttles(key),
  ...Object.keys(TABLES[key].indexes).map((index) => throttles(key, index)),
]);

/**
 * One alarm on the sum. DynamoDB publishes these metrics only when it throttles, and AWS's documents disagree on what an alarm on missing data
 * of AWS/DynamoDB does: end, or stay as it is for ever (docs/decisions/0013). The sum is never missing.
 */
export const tableAlarms: AlarmDefinitions = {
  [THROTTLES_ALARM_ID]: {
    kind: 'DynamoDB throttles writes',
    name: 'logistics-dynamodb-throttles',
    meaning:
      'DynamoDB throttles writes of a table or index; events are retried and late, not lost. An index that is throttled throttles its table.',
    look: 'doctor names the table or index. Its hottest partition takes 1,000 write units a second: of a status index, that is one status. Else the table is new to such traffic.',
    command: onStack('doctor'),
    metrics,
    expression: sumOf(metrics),
    threshold: THRESHOLDS.writeThrottles,
  },
};
