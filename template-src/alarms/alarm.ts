import Alarm from 'cloudform-types/types/cloudWatch/alarm';
import type { Value } from 'cloudform-types/types/dataTypes';
import { ALARM_PERIOD_SECONDS } from '../defaults';
import { named, ref, sub } from '../intrinsics';
import { TOPIC_IDS } from '../topics';

/** One series of a metric. */
export interface Metric {
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: 'Sum' | 'Maximum';
  readonly dimensions: Readonly<Record<string, Value<string>>>;
}

/** What goes off, and what a person who is woken by it needs. The texts may use `${EnvironmentSuffix}`. */
interface AlarmTexts {
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
  /** The alarm goes off above it. */
  readonly threshold: number;
}

/** An alarm on one series, in so many periods in a row. */
interface AlarmOnSeries extends AlarmTexts, Metric {
  readonly periods?: number;
}

/** An alarm on what is computed from several series, which are m1, m2 and so on in the expression. */
interface AlarmOnExpression extends AlarmTexts {
  readonly metrics: readonly Metric[];
  readonly expression: string;
}

export type AlarmDefinition = AlarmOnSeries | AlarmOnExpression;

export const metricsOf = (on: AlarmDefinition): readonly Metric[] => ('metrics' in on ? on.metrics : [on]);

/** Definitions by logical id. */
export type AlarmDefinitions = Readonly<Record<string, AlarmDefinition>>;

/** An alarm to the alert topic, on and off; silence is good. Its description is the runbook's entry. */
export function alarm(on: AlarmDefinition): Alarm {
  return new Alarm({
    AlarmName: named(on.name),
    AlarmDescription: sub(`${on.meaning} Look: ${on.look} Then: ${on.command}`),
    ...('metrics' in on ? computed(on) : watched(on)),
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: on.threshold,
    TreatMissingData: 'notBreaching',
    AlarmActions: [ref(TOPIC_IDS.alerts)],
    OKActions: [ref(TOPIC_IDS.alerts)],
  });
}

const metricOf = ({ namespace, metric, dimensions }: Metric) => ({
  Namespace: namespace,
  MetricName: metric,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});

const watched = ({ periods = 1, ...on }: AlarmOnSeries) => ({
  ...metricOf(on),
  Statistic: on.statistic,
  Period: ALARM_PERIOD_SECONDS,
  EvaluationPeriods: periods,
});

/** One period of the last two is enough: data that come late find their period filled by `FILL` and judged already. */
const computed = ({ metrics, expression }: AlarmOnExpression) => ({
  Metrics: [
    ...metrics.map((metric, index) => ({
      Id: metricId(index),
      MetricStat: { Metric: metricOf(metric), Period: ALARM_PERIOD_SECONDS, Stat: metric.statistic },
      ReturnData: false,
    })),
    { Id: 'computed', Expression: expression, ReturnData: true },
  ],
  EvaluationPeriods: 2,
  DatapointsToAlarm: 1,
});

const metricId = (index: number) => `m${index + 1}`;

/** The expression that adds up so many series. A period without data of one of them counts as 0 of it, so that the sum is never missing. */
export const sumOf = (metrics: readonly Metric[]) =>
  `SUM([${metrics.map((_, index) => `FILL(${metricId(index)}, 0)`).join(', ')}])`;
