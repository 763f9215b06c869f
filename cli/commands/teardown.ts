import {
  DeleteStackCommand,
  type StackResourceSummary,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { APPLICATION } from '../../contracts/names';
import { UserError } from '../../lib/user-error.mjs';
import { findStack, resourcesOf, terminationProtection } from '../doctor/stack';
import { QUEUE_KEYS } from '../messages/queues';
import { type FinishingContext, finishingContextOf, help, type Register } from '../program';
import type { Target } from '../target/target';
import { IMPORTABLE, importCommands } from '../teardown/import-again';
import { askOnTerminal } from '../terminal/ask';
import type { Print } from '../terminal/output';
import { waitingIn } from './queues';

const ABOUT = `Without --yes it deletes nothing. Tables, queues, bus, archive and keys stay; the logs go. The bus goes on taking events, which the
archive keeps for seven days. All keep their names: before the stack is deployed again they are imported (it shows the commands, also for a
stack that is deleted already) or deleted. A new stack has new keys; docs/runbook.md says how long the old ones are needed, and how to
delete what stays.`;

export const register: Register = (program) => {
  program
    .command('teardown')
    .description('delete the stack, and say what stays behind and how to import it again')
    .option('--yes', 'delete it; for prod, its name is asked for')
    .addHelpText('after', help(ABOUT, 'teardown', 'teardown --env staging'))
    .action(({ yes = false }: { yes?: boolean }, command) => teardown(yes, finishingContextOf(command)));
};

/** Types that the template retains. */
const STAYING = [...IMPORTABLE, 'AWS::KMS::Key'];

/** Their policies go with no stack (docs/decisions/0012). */
const KEYS_STAY_PROTECTED =
  'its keys are protected and would stay so: deploy with TableDeletionProtection=false first, if they are to be deleted one day';

const DELETION_SECONDS = 900;

/** @throws UserError when its name was not confirmed, or its deletion failed */
async function teardown(yes: boolean, { target, print, ending }: FinishingContext): Promise<void> {
  const stack = await findStack(target);
  if (stack) {
    print.rows(fatesOf(await resourcesOf(target)));
    await warnOfQueues(target, print);
  } else {
    print.note(`there is no stack ${target.name(APPLICATION)}`);
  }
  const commands = await importCommands(target);
  print.note(commands.length > 0 ? 'to import what stays again:' : 'nothing of it is left');
  for (const command of commands) print.note(`  ${command}`);

  if (!stack) return;
  if (stack.protectsTables) print.note(KEYS_STAY_PROTECTED);
  if (!yes) return print.note('nothing was deleted: --yes deletes the stack');
  if (stack.refusesDeletion)
    throw new UserError(
      `nothing was deleted: the stack has termination protection, which \`${terminationProtection(target, false)}\` takes off`,
    );
  print.target(`deleting ${stack.arn}`);
  await confirm(target);
  if (ending.aborted) throw new UserError('nothing was deleted');
  await deleteStack(target, ending);
  print.note(`${target.name(APPLICATION)} is deleted`);
}

/** Retained resources one by one, deleted ones by type. */
function fatesOf(resources: readonly StackResourceSummary[]) {
  const staying = resources.filter(({ ResourceType = '' }) => STAYING.includes(ResourceType));
  const types = resources.map(({ ResourceType = '' }) => ResourceType).filter((type) => !STAYING.includes(type));
  return [
    ...staying.map(({ ResourceType: type, PhysicalResourceId: what }) => ({ fate: 'stays', type, what })),
    ...[...new Set(types)]
      .sort()
      .map((type) => ({ fate: 'goes', type, what: types.filter((each) => each === type).length })),
  ];
}

async function warnOfQueues(target: Target, print: Print): Promise<void> {
  const queues = await Promise.all(QUEUE_KEYS.map((key) => waitingIn(key, target)));
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting + queue.in_flight, 0);
  if (waiting > 0) print.note(`${waiting} events wait in the queues, which stay: \`${target.command`queues`}\``);
}

/** @throws UserError unless the operator who deletes prod types its name */
async function confirm({ environment }: Target): Promise<void> {
  if (!environment.startsWith('prod')) return;
  const typed = await askOnTerminal(
    `this is ${environment}: type its name to delete it: `,
    'nothing was deleted: prod is deleted from a terminal only',
  );
  if (typed.trim() !== environment) throw new UserError('nothing was deleted: that is not its name');
}

/** @throws UserError when CloudFormation could not delete something; what the SDK throws when that cannot be found out */
async function deleteStack(target: Target, abortSignal: AbortSignal): Promise<void> {
  const StackName = target.name(APPLICATION);
  await target.stacks.send(new DeleteStackCommand({ StackName }));
  try {
    await waitUntilStackDeleteComplete(
      { client: target.stacks, maxWaitTime: DELETION_SECONDS, minDelay: 1, maxDelay: 10, abortSignal },
      { StackName },
    );
  } catch {
    // The wait ends in the same error for a deletion that failed and for an AWS that it could not ask: this question tells them apart.
    const stack = await findStack(target);
    if (!stack) return;
    throw new UserError(
      `${StackName} is not deleted: ${stack.status}; \`${target.aws`cloudformation describe-stack-events --stack-name ${StackName}`}\` says why`,
    );
  }
}
