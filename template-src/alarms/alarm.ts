import Alarm from 'cloudform-types/types/cloudWatch/alarm';
import type { Value } from 'cloudform-types/types/dataTypes';
import { ALARM_PERIOD_SECONDS } from '../defaults';
import { named, ref, sub } from '../intrinsics';
import { TOPIC_IDS } from '../topics';

/** One alarm: what goes off, and what a person who is woken by it needs. The texts may use `${EnvironmentSuffix}`. */
export interface AlarmDefinition {
  /** The heading of its like in the runbook; those that share it share meaning and look. */
  readonly kind: string;
  /** Without the environment's suffix. */
  readonly name: string;
  /** What it means, in a sentence or two. */
  readonly meaning: string;
  /** Where to look; follows "Look:". */
  readonly look: string;
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

/** Definitions by logical id. */
export type AlarmDefinitions = Readonly<Record<string, AlarmDefinition>>;

/** An alarm to the alert topic, on and off; silence is good. Its description is the runbook's entry. */
export function alarm({ periods = 1, ...on }: AlarmDefinition): Alarm {
  return new Alarm({
    AlarmName: named(on.name),
    AlarmDescription: sub(`${on.meaning} Look: ${on.look} Then: ${on.command}`),
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
