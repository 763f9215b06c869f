import Alarm from 'cloudform-types/types/cloudWatch/alarm';
import type { Value } from 'cloudform-types/types/dataTypes';
import { ALARM_PERIOD_SECONDS } from '../defaults';
import { named, ref, sub } from '../intrinsics';
import { TOPIC_IDS } from '../topics';

interface AlarmOn {
  /** Without the environment's suffix. */
  readonly name: string;
  /** What it means; may use `${EnvironmentSuffix}`. */
  readonly meaning: string;
  /** The command an operator types first. */
  readonly command: string;
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: 'Sum' | 'Maximum';
  readonly dimensions: Readonly<Record<string, Value<string>>>;
  /** The alarm goes off above it. */
  readonly threshold: number;
  readonly periods?: number;
}

/** An alarm to the alert topic, on and off; silence is good. */
export function alarm({ periods = 1, ...on }: AlarmOn): Alarm {
  return new Alarm({
    AlarmName: named(on.name),
    AlarmDescription: sub(`${on.meaning} Then: ${on.command}`),
    Namespace: on.namespace,
    MetricName: on.metric,
    Dimensions: Object.entries(on.dimensions).map(([Name, Value]) => ({ Name, Value })),
    Statistic: on.statistic,
    Period: ALARM_PERIOD_SECONDS,
    EvaluationPeriods: periods,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: on.threshold,
    TreatMissingData: 'notBreaching',
    AlarmActions: [ref(TOPIC_IDS.alerts)],
    OKActions: [ref(TOPIC_IDS.alerts)],
  });
}
