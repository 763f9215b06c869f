import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { AddPermissionCommand, GetPolicyCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { BUS_LOG_GROUP } from '../../contracts/bus-log';
import { contract as shipmentCreated } from '../../contracts/events/shipment-processor/shipment-created';
import { functionName, LIVE_ALIAS } from '../../contracts/functions';
import { UserError } from '../../lib/user-error.mjs';
import type { QueueMessage } from '../messages/dead-letter-queue';
import { type Claims, verdict } from './claim';
import { logRowOf, messageAbout } from './traces';
import { refusalOf, type Trial } from './trial';

/** No other claim sends events to this function, which receives none for about a minute. */
const FUNCTION = 'shipment-processor';

interface Statement {
  readonly Sid: string;
  readonly Action: string;
  readonly Principal: { readonly Service: string };
  readonly Condition: { readonly ArnLike: { readonly 'AWS:SourceArn': string } };
}

const create = (shipment: string, trial: Trial) => trial.send(shipmentCreated, shipment, {});

/** Sends events while the rule may not invoke its function, until one is in the dead-letter queue. */
const sendUndeliverable = (trial: Trial) =>
  trial.once('undeliverable', async () => {
    const { lambda, name, aws } = trial.target;
    const invoked = { FunctionName: name(functionName(FUNCTION)), Qualifier: LIVE_ALIAS };
    const { Policy = '{}' } = await lambda.send(new GetPolicyCommand(invoked));
    const statements: readonly Statement[] = JSON.parse(Policy).Statement ?? [];
    const statement = statements.find(({ Principal }) => Principal.Service === 'events.amazonaws.com');
    if (!statement)
      throw new UserError(`${invoked.FunctionName} has no permission for its rule: deploy the stack again`);
    const { Sid: StatementId, Action, Condition } = statement;
    const Principal = statement.Principal.Service;
    const SourceArn = Condition.ArnLike['AWS:SourceArn'];
    const byHand = aws`lambda add-permission --function-name ${invoked.FunctionName} --qualifier ${LIVE_ALIAS} --statement-id ${StatementId} --action ${Action} --principal ${Principal} --source-arn ${SourceArn}`;
    const restore = trial.undo(
      `permission ${StatementId} of ${invoked.FunctionName}:${LIVE_ALIAS} for ${SourceArn}: deploy the stack again, or ${byHand}`,
      async () => {
        const permission = { ...invoked, StatementId, Action, Principal, SourceArn };
        const refusal = await refusalOf(lambda.send(new AddPermissionCommand(permission)));
        // A conflict means that the permission still exists.
        if (refusal && refusal.name !== 'ResourceConflictException') throw refusal;
      },
    );
    await lambda.send(new RemovePermissionCommand({ ...invoked, StatementId }));
    let found: QueueMessage | undefined;
    // EventBridge may cache the permission.
    for (let attempt = 1; attempt <= 6 && !found; attempt += 1) {
      const sent = await create(`undeliverable-${attempt}`, trial);
      found = await messageAbout(sent.id, FUNCTION, trial, 0.5);
    }
    await restore();
    const next = await create('deliverable', trial);
    return { found, recovered: await trial.until(3, () => logRowOf(next, trial)) };
  });

export const delivery: Claims = {
  'rule-dead-letter': {
    sentence:
      "An event for a function that its rule may not invoke is in the function's dead-letter queue at once, with the reason.",
    source:
      'docs/architecture.md, "Failure"; EventBridge user guide, "Using dead-letter queues to process undelivered events"',
    how: "the rule's permission on the alias is removed for about a minute, then restored; events of other new shipments in that minute are in the queue, too",
    async try(trial) {
      const { found, recovered } = await sendUndeliverable(trial);
      const reason = found && ('route' in found ? `${found.route}, ${found.reason}` : found.unreadable);
      return verdict(
        found !== undefined && 'route' in found && found.route === 'undeliverable' && recovered !== undefined,
        `${reason ?? 'no event in the queue'}; with the permission again the next event ${recovered ? 'was' : 'was not'} recorded`,
      );
    },
  },
  'bus-log': {
    sentence: 'With BusLogs the bus logs why it could not deliver an event.',
    source: 'decision 31; EventBridge user guide, "Monitoring event buses with logs"',
    how: "the metric IncomingLogEvents of the bus's log group, after the undeliverable event",
    needs: 'BusLogs',
    async try(trial) {
      const from = new Date(trial.target.now());
      await sendUndeliverable(trial);
      const { alarms, name } = trial.target;
      const lines = await trial.until(10, async () => {
        const { Datapoints = [] } = await alarms.send(
          new GetMetricStatisticsCommand({
            Namespace: 'AWS/Logs',
            MetricName: 'IncomingLogEvents',
            Dimensions: [{ Name: 'LogGroupName', Value: name(BUS_LOG_GROUP) }],
            StartTime: from,
            EndTime: new Date(trial.target.now() + 60_000),
            Period: 60,
            Statistics: ['Sum'],
          }),
        );
        return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
      });
      return verdict(lines !== undefined, `${lines ?? 0} lines in ten minutes`);
    },
  },
};
