import { DescribeArchiveCommand, ListRulesCommand, type ListRulesResponse } from '@aws-sdk/client-eventbridge';
import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { paginateListSubscriptionsByTopic, type Subscription } from '@aws-sdk/client-sns';
import { EVENT_FUNCTION_KEYS, EVENT_FUNCTIONS, FUNCTION_KEYS, functionName } from '../../contracts/functions';
import { NAMES } from '../../contracts/names';
import { waitingIn } from '../commands/queues';
import { QUEUE_KEYS } from '../messages/queues';
import type { Target } from '../target/target';
import { alarms } from './alarms';
import { carrierWebhooks } from './carrier-webhooks';
import { attention, type Check, type Findings, ok, type Stack } from './check';
import { deletion, outputs, stack } from './deployment';
import { keys } from './keys';
import { stalledShipments } from './stalled-shipments';
import { statusChanges } from './status-changes';
import { statuses } from './statuses';
import { tables } from './tables';
import { versions } from './versions';

async function queues({ target }: Stack): Promise<Findings> {
  const all = await Promise.all(QUEUE_KEYS.map((key) => waitingIn(key, target)));
  const nonEmpty = all.filter(({ next }) => next !== null);
  if (nonEmpty.length === 0) return [ok(`all ${all.length} are empty`)];
  return nonEmpty.map(({ queue, waiting, in_flight, next }) =>
    attention(`${queue}: ${waiting} waiting, ${in_flight} in flight`, next ?? ''),
  );
}

async function subscription({ target, outputs }: Stack): Promise<Findings> {
  const all: Subscription[] = [];
  const pages = paginateListSubscriptionsByTopic({ client: target.sns }, { TopicArn: outputs.get('AlertsTopicArn') });
  for await (const { Subscriptions = [] } of pages) all.push(...Subscriptions);
  if (all.length === 0) {
    return [
      attention(
        'no subscription to the alarms',
        `${target.sam`deploy --config-env ${target.environment}`}, with AlertEmail=… among the parameters`,
      ),
    ];
  }
  const pending = all.filter(({ SubscriptionArn }) => !SubscriptionArn?.startsWith('arn:'));
  const confirmed = all.length - pending.length;
  return [
    ...(confirmed > 0 ? [ok(`${confirmed} confirmed`)] : []),
    ...pending.map(({ Endpoint }) =>
      attention(`${Endpoint} has not confirmed`, 'confirm by the link in the mail from AWS'),
    ),
  ];
}

async function concurrency({ target }: Stack): Promise<Findings> {
  const { AccountLimit } = await target.lambda.send(new GetAccountSettingsCommand({}));
  const functions = await Promise.all(
    FUNCTION_KEYS.map(async (key) => {
      const FunctionName = target.name(functionName(key));
      const answer = await target.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
      return { FunctionName, reserved: answer.ReservedConcurrentExecutions };
    }),
  );
  const stopped = functions.filter(({ reserved }) => reserved === 0);
  if (stopped.length > 0) {
    return stopped.map(({ FunctionName }) =>
      attention(
        `${FunctionName} is stopped: its reserved concurrency is 0`,
        target.aws`lambda delete-function-concurrency --function-name ${FunctionName}`,
      ),
    );
  }
  const reservations = functions.flatMap(({ FunctionName, reserved }) =>
    reserved ? [`${FunctionName} reserves ${reserved}`] : [],
  );
  const account = `the account has ${AccountLimit?.ConcurrentExecutions}, ${AccountLimit?.UnreservedConcurrentExecutions} unreserved`;
  return [ok([...reservations, account].join('; '))];
}

async function rules({ target }: Stack): Promise<Findings> {
  const EventBusName = target.name(NAMES.bus);
  const states = await ruleStatesOf(EventBusName, target);
  const names = [...EVENT_FUNCTION_KEYS.map((key) => EVENT_FUNCTIONS[key].rule), NAMES.unroutedRule].map(target.name);
  const disabled = names.filter((rule) => states.get(rule) !== 'ENABLED');
  if (disabled.length === 0) return [ok(`all ${names.length} are enabled`)];
  return disabled.map((rule) =>
    attention(
      `${rule} is ${states.get(rule)?.toLowerCase() ?? 'missing'}`,
      target.aws`events enable-rule --event-bus-name ${EventBusName} --name ${rule}`,
    ),
  );
}

/** State of each rule of a bus, by name. The SDK has no paginator for rules. */
async function ruleStatesOf(EventBusName: string, target: Target): Promise<ReadonlyMap<string, string>> {
  const states = new Map<string, string>();
  let NextToken: string | undefined;
  do {
    const page: ListRulesResponse = await target.events.send(new ListRulesCommand({ EventBusName, NextToken }));
    for (const { Name = '', State = '' } of page.Rules ?? []) states.set(Name, State);
    NextToken = page.NextToken;
  } while (NextToken);
  return states;
}

async function archive({ target }: Stack): Promise<Findings> {
  const ArchiveName = target.name(NAMES.archive);
  const { State, RetentionDays } = await target.events.send(new DescribeArchiveCommand({ ArchiveName }));
  if (State === 'ENABLED') return [ok(`enabled, keeps ${RetentionDays} days`)];
  return [attention(`${ArchiveName} is ${State}`, target.aws`events describe-archive --archive-name ${ArchiveName}`)];
}

/** All checks by their name in the report, in its order. */
export const CHECKS = {
  stack,
  outputs,
  deletion,
  alarms,
  queues,
  tables,
  statuses,
  keys,
  rules,
  'status changes': statusChanges,
  carriers: carrierWebhooks,
  'stalled shipments': stalledShipments,
  archive,
  versions,
  concurrency,
  'alert subscription': subscription,
} as const satisfies Record<string, Check>;
