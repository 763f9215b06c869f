import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import { SCHEDULED_FUNCTIONS } from '../../contracts/functions';
import { attention, type Findings, ok, type Stack } from './check';

/** Checks that the schedule is enabled when StalledAfterDays is set. */
export async function stalledShipments({ target, parameters }: Stack): Promise<Findings> {
  const days = Number(parameters.get('StalledAfterDays') ?? 0);
  if (days === 0) return [ok('not reported: StalledAfterDays is 0')];
  const Name = target.name(SCHEDULED_FUNCTIONS['stalled-shipments'].rule);
  const { State, ScheduleExpression } = await target.events.send(new DescribeRuleCommand({ Name }));
  if (State === 'ENABLED') return [ok(`reported after ${days} days, looked for at ${ScheduleExpression}`)];
  return [attention(`not reported: ${Name} is ${State?.toLowerCase()}`, target.aws`events enable-rule --name ${Name}`)];
}
