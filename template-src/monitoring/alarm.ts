import Alarm from 'cloudform-types/types/cloudWatch/alarm';
import type { Value } from 'cloudform-types/types/dataTypes';
import { If, Join } from 'cloudform-types/types/functions';
import { type AlarmName, alarmDescription } from '../../contracts/alarms';
import { UserError } from '../../lib/user-error.mjs';
import { ALARM_PERIOD_SECONDS } from '../defaults';
import { named, onlyIf, ref, sub } from '../intrinsics';
import type { ConditionName } from '../parameters';
import { TOPIC_IDS } from '../topics';

/** CloudWatch's limit for the metrics of one alarm. */
const MAX_METRICS = 10;

/** One contributor to an alarm: a function, a rule, a queue, a table or an index. */
export interface Series {
  readonly dimensions: Readonly<Record<string, Value<string>>>;
  /** Divides the value, which makes it a share. */
  readonly divisor?: number;
  /** The series is watched, and billed, while this condition holds. Each alarm has a series without a condition. */
  readonly condition?: ConditionName;
}

/** One symptom, with a series for everything that can show it. The texts may use `${EnvironmentSuffix}`. */
export interface AlarmDefinition {
  readonly id: string;
  /** The symptom as a heading of the runbook. */
  readonly title: string;
  /** One or two sentences. */
  readonly meaning: string;
  /** Where to look; follows "Look:". */
  readonly look: string;
  /** The command an operator types first. */
  readonly command: string;
  readonly namespace: string;
  readonly metric: string;
  /** The alarm adds up the sums of its series, or uses the greatest of their maxima. */
  readonly statistic: 'Sum' | 'Maximum';
  readonly series: readonly Series[];
  /** The alarm goes off above this value. */
  readonly threshold: number;
  /** Periods above the threshold, among the last `periods` + 1; 1 if not given. */
  readonly periods?: number;
  /** A cause and not a symptom: `doctor` and the dashboard show it, and no mail is sent. */
  readonly quiet?: true;
}

/**
 * An alarm on the sum or the maximum of its series. Missing data count as 0, so that the alarm ends. It evaluates one period more than
 * `periods`, because late data belong to a period that has been evaluated already.
 * @throws UserError for more series than CloudWatch allows
 */
export function alarm(name: AlarmName, definition: AlarmDefinition): Alarm {
  const { meaning, look, command, namespace, metric, statistic, series, threshold, periods = 1, quiet } = definition;
  if (series.length > MAX_METRICS)
    throw new UserError(`${name} has ${series.length} metrics, CloudWatch allows ${MAX_METRICS}`);
  const watched = series.map(({ dimensions, divisor, condition }, index) => {
    const Id = `m${index + 1}`;
    const entry = {
      Id,
      MetricStat: {
        Metric: {
          Namespace: namespace,
          MetricName: metric,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: ALARM_PERIOD_SECONDS,
        Stat: statistic,
      },
      ReturnData: false,
    };
    return {
      condition,
      // cloudform-types lacks a condition on a list member.
      entry: condition ? (onlyIf(condition, entry) as object as typeof entry) : entry,
      filled: `FILL(${Id}, 0)${divisor ? ` / ${divisor}` : ''}`,
    };
  });
  const always = watched.filter(({ condition }) => !condition).map(({ filled }) => filled);
  const conditional = watched.flatMap(({ condition, filled }) => (condition ? [If(condition, `, ${filled}`, '')] : []));
  const combined = `${statistic === 'Sum' ? 'SUM' : 'MAX'}([${always.join(', ')}`;
  const actions = [ref(TOPIC_IDS.alerts)];
  return new Alarm({
    AlarmName: named(name),
    AlarmDescription: sub(alarmDescription({ text: `${meaning} Look: ${look}`, command })),
    Metrics: [
      ...watched.map(({ entry }) => entry),
      {
        Id: 'computed',
        Expression: conditional.length > 0 ? Join('', [combined, ...conditional, '])']) : `${combined}])`,
        ReturnData: true,
      },
    ],
    EvaluationPeriods: periods + 1,
    DatapointsToAlarm: periods,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: threshold,
    TreatMissingData: 'notBreaching',
    ...(!quiet && { AlarmActions: actions, OKActions: actions }),
  });
}
