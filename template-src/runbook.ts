import type { AlarmDefinition } from './alarms/alarm';
import { alarmDefinitions } from './alarms/alarms';
import { ALARM_PERIOD_SECONDS } from './defaults';

const BEGIN = '<!-- alarms: written by `npm run template` from template-src/alarms/ -->';
const END = '<!-- end of the alarms -->';

/** The runbook with its alarms as they are defined; the prose around them stays as it is. */
export function withAlarms(runbook: string): string {
  const [begin, end] = [runbook.indexOf(BEGIN), runbook.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`docs/runbook.md needs the line ${BEGIN} and after it ${END}`);
  const definitions = Object.values(alarmDefinitions);
  const kinds = new Set(definitions.map(({ kind }) => kind));
  const sections = [...kinds].map((kind) => section(definitions.filter((definition) => definition.kind === kind)));
  return [runbook.slice(0, begin), BEGIN, '\n\n', ...sections, runbook.slice(end)].join('');
}

/** One kind of alarm. */
function section(alarms: readonly AlarmDefinition[]): string {
  const [first] = alarms;
  if (first === undefined) return '';
  const { kind, meaning, look, namespace, metric, statistic, periods = 1 } = first;
  const thresholds = [...new Set(alarms.map(({ threshold }) => threshold.toLocaleString('en')))].join(' or ');
  const span = `${periods > 1 ? `each of ${periods} times ` : ''}${ALARM_PERIOD_SECONDS / 60} minutes`;
  return [
    `### ${kind}`,
    '',
    `${meaning} ${look}`,
    '',
    '| alarm | type |',
    '| --- | --- |',
    ...alarms.map(({ name, command }) => `| \`${name}-{env}\` | \`${typed(command)}\` |`),
    '',
    `It goes off when \`${metric}\` (${namespace}, ${statistic.toLowerCase()}) is above ${thresholds} in ${span}.`,
    '',
    '',
  ].join('\n');
}

/** @throws for a reference to anything but the environment: people know no logical ids */
function typed(command: string): string {
  const text = command.replaceAll('${EnvironmentSuffix}', '{env}');
  if (text.includes('${')) throw new Error(`the runbook cannot say what to type for: ${command}`);
  return text;
}
