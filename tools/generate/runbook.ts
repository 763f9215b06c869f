import { UserError } from '../../lib/user-error.mjs';
import { ALARM_PERIOD_SECONDS } from '../../template-src/defaults';
import type { AlarmDefinition } from '../../template-src/monitoring/alarm';
import { alarmDefinitions } from '../../template-src/monitoring/alarms';
import { grouped } from '../cost/grouped';

/** The runbook's sections on alarms, one for each. */
export const alarmSections = () => Object.entries(alarmDefinitions).map(section).join('\n\n');

function section([name, definition]: [string, AlarmDefinition]): string {
  const {
    title,
    meaning,
    look,
    command,
    namespace,
    metric,
    statistic,
    threshold,
    series,
    periods = 1,
    quiet,
  } = definition;
  const count = `${series.some(({ condition }) => condition) ? 'up to ' : ''}${series.length}`;
  const over = series.length > 1 ? `, ${statistic === 'Sum' ? 'added up' : 'the greatest'} of ${count}` : '';
  const value = series[0]?.divisor
    ? `share of the timeout`
    : `\`${metric}\` (${namespace}, ${statistic.toLowerCase()}${over})`;
  const span = `${periods > 1 ? `${periods} of ${periods + 1} periods of ` : ''}${ALARM_PERIOD_SECONDS / 60} minutes`;
  return [
    `### ${title}`,
    '',
    `${meaning} **Look:** ${look}`,
    '',
    `\`${name}-{env}\`: ${value} above ${grouped(threshold, Number.isInteger(threshold) ? 0 : 1)} in ${span}.${quiet ? ' No mail: `doctor` and the dashboard show it.' : ''}`,
    `Type: \`${typed(command)}\``,
  ].join('\n');
}

/** @throws UserError for a reference to anything but the environment: an operator cannot resolve logical ids */
function typed(command: string): string {
  const text = command.replaceAll('${EnvironmentSuffix}', '{env}');
  if (text.includes('${'))
    throw new UserError(
      `template-src/monitoring/alarms.ts has a command that the runbook cannot show: ${command}: refer to \${EnvironmentSuffix} only`,
    );
  return text;
}
