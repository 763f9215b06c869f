import type { AlarmDefinition } from './alarms/alarm';
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
  if (first === undefined) return '';
  const { kind, meaning, look, namespace, metric, statistic, periods = 1 } = first;
  const thresholds = [...new Set(alarms.map(({ threshold }) => grouped(threshold)))].join(' or ');
  const span = `${ALARM_PERIOD_SECONDS / 60} minutes${periods > 1 ? `, ${periods} times in a row` : ''}`;
  return [
    `### ${kind}`,
    '',
    `${meaning} **Look:** ${look}`,
    '',
    '| alarm | type |',
    '| --- | --- |',
    ...alarms.map(({ name, command }) => `| \`${name}-{env}\` | \`${typed(command)}\` |`),
    '',
    `It goes off when \`${metric}\` (${namespace}, ${statistic.toLowerCase()}) is above ${thresholds} in ${span}.`,
  ].join('\n');
}

/** @throws for a reference to anything but the environment: people know no logical ids */
function typed(command: string): string {
  const text = command.replaceAll('${EnvironmentSuffix}', '{env}');
  if (text.includes('${')) throw new Error(`the runbook cannot say what to type for: ${command}`);
  return text;
}
