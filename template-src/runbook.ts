import { type AlarmDefinition, metricsOf } from './alarms/alarm';
import { alarmDefinitions } from './alarms/alarms';
import { ALARM_PERIOD_SECONDS } from './defaults';
import { grouped } from './grouped';

/** The runbook's alarms, kind by kind. */
export function alarmSections(): string {
  const definitions = Object.values(alarmDefinitions);
  const kinds = new Set(definitions.map(({ kind }) => kind));
  return [...kinds].map((kind) => section(definitions.filter((definition) => definition.kind === kind))).join('\n\n');
}

/** One kind of alarm. */
function section(alarms: readonly AlarmDefinition[]): string {
  const [first] = alarms;
  const [watched] = first ? metricsOf(first) : [];
  if (first === undefined || watched === undefined) return '';
  const { kind, meaning, look } = first;
  const { namespace, metric, statistic } = watched;
  const thresholds = [...new Set(alarms.map(({ threshold }) => grouped(threshold)))].join(' or ');
  return [
    `### ${kind}`,
    '',
    `${meaning} **Look:** ${look}`,
    '',
    '| alarm | type |',
    '| --- | --- |',
    ...alarms.map(({ name, command }) => `| \`${name}-{env}\` | \`${typed(command)}\` |`),
    '',
    `It goes off when \`${metric}\` (${namespace}, ${statistic.toLowerCase()}) is above ${thresholds} in ${span(first)}.`,
  ].join('\n');
}

/** In which time it must be above its threshold, and of what. */
function span(alarm: AlarmDefinition): string {
  const period = `${ALARM_PERIOD_SECONDS / 60} minutes`;
  if ('metrics' in alarm) return `${period}, all ${alarm.metrics.length} series together`;
  const { periods = 1 } = alarm;
  return periods > 1 ? `${period}, ${periods} times in a row` : period;
}

/** @throws for a reference to anything but the environment: people know no logical ids */
function typed(command: string): string {
  const text = command.replaceAll('${EnvironmentSuffix}', '{env}');
  if (text.includes('${')) throw new Error(`the runbook cannot say what to type for: ${command}`);
  return text;
}
