import Alarm from 'cloudform-types/types/cloudWatch/alarm';
import type { Value } from 'cloudform-types/types/dataTypes';
import { If, Join } from 'cloudform-types/types/functions';
import { type AlarmName, alarmDescription } from '../../contracts/alarms';
import { ALARM_PERIOD_SECONDS } from '../defaults';
import { named, onlyIf, ref, sub } from '../intrinsics';
import type { ConditionName } from '../parameters';
import { TOPIC_IDS } from '../topics';

/** CloudWatch's limit for the metrics of one alarm. */
const MAX_METRICS = 10;

/** One contributor to an alarm: a function, a rule, a queue, a table or an index. */
export interface Series {
  readonly dimensions: Readonly<Record<string, Value<string>>>;
  /** The value is divided by it. */
  readonly divisor?: number;
  /** Watched, and billed, under this condition only. An alarm has a series without one. */
  readonly condition?: ConditionName;
}

/** One symptom, over everything that can show it. The texts may use `${EnvironmentSuffix}`. */
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
  /** Sums are added up over the series; of maxima, the greatest counts. */
  readonly statistic: 'Sum' | 'Maximum';
  readonly series: readonly Series[];
  /** The alarm goes off above it. */
  readonly threshold: number;
  /** Periods above the threshold in a row; 1 if not given. */
  readonly periods?: number;
  /** A cause and not a symptom: shown by `doctor` and on the dashboard, without a mail. */
  readonly quiet?: true;
}

/**
 * An alarm on the sum or maximum over its series. A period without data counts as 0 of a series, so that the value is never missing and the
 * alarm ends. One period more than asked for is looked at: data that arrive late find their period judged already.
 * @throws Error for more series than CloudWatch takes
 */
export function alarm(name: AlarmName, definition: AlarmDefinition): Alarm {
  const { meaning, look, command, namespace, metric, statistic, series, threshold, periods = 1, quiet } = definition;
  if (series.length > MAX_METRICS)
    throw new Error(`${name} has ${series.length} metrics, CloudWatch takes ${MAX_METRICS}`);
  const metrics = series.map(({ dimensions, condition }, index) => {
    const watched = {
      Id: metricId(index),
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
    // The library's types know no condition on a member of a list.
    return condition ? (onlyIf(condition, watched) as object as typeof watched) : watched;
  });
  const filled = series.map(({ divisor, condition }, index) => ({
    text: `FILL(${metricId(index)}, 0)${divisor ? ` / ${divisor}` : ''}`,
    condition,
  }));
  const always = filled.filter(({ condition }) => !condition).map(({ text }) => text);
  const sometimes = filled.flatMap(({ text, condition }) => (condition ? [If(condition, `, ${text}`, '')] : []));
  const combined = `${statistic === 'Sum' ? 'SUM' : 'MAX'}([${always.join(', ')}`;
  const actions = quiet ? [] : [ref(TOPIC_IDS.alerts)];
  return new Alarm({
    AlarmName: named(name),
    AlarmDescription: sub(alarmDescription({ text: `${meaning} Look: ${look}`, command })),
    Metrics: [
      ...metrics,
      {
        Id: 'computed',
        Expression: sometimes.length > 0 ? Join('', [combined, ...sometimes, '])']) : `${combined}])`,
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

const metricId = (index: number) => `m${index + 1}`;
