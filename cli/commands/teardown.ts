import {
  DeleteStackCommand,
  type StackResourceSummary,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { APPLICATION } from '../../contracts/names';
import { ARCHIVE_DAYS } from '../../contracts/retention';
import { UserError } from '../../lib/user-error.mjs';
import { findStack, resourcesOf, terminationProtection } from '../doctor/stack';
import { QUEUE_KEYS } from '../messages/queues';
import { type FinishingContext, finishingContextOf, help, type Register } from '../program';
import type { Target } from '../target/target';
import { IMPORTABLE, importCommands } from '../teardown/import-again';
import { askOnTerminal } from '../terminal/ask';
import type { Print } from '../terminal/output';
import { waitingIn } from './queues';

const ABOUT = `Without --yes it deletes nothing. Tables, queues, bus, archive and keys are retained; the logs are deleted. The bus still accepts events, which
the archive keeps for ${ARCHIVE_DAYS} days. The retained resources keep their names: import or delete them before the stack is deployed again (it
prints the commands to import them, also for a stack that is deleted already). A new stack has new keys; docs/runbook.md says how long the old
ones are needed, and how to delete what is retained.`;

export const register: Register = (program) => {
  program
    .command('teardown')
    .description('delete the stack, and show what is retained and how to import it')
    .option('--yes', 'delete the stack; for prod, asks for its name')
    .addHelpText('after', help(ABOUT, 'teardown', 'teardown --env staging'))
    .action(({ yes = false }: { yes?: boolean }, command) => teardown(yes, finishingContextOf(command)));
};

/** Types that the template retains. */
const RETAINED = [...IMPORTABLE, 'AWS::KMS::Key'];

/** Key policies are retained with the keys (docs/decisions/0012). */
const KEYS_STAY_PROTECTED =
  'its keys are protected and would stay so: deploy with TableDeletionProtection=false first, if they are to be deleted one day';

const DELETION_SECONDS = 900;

/** @throws UserError when the operator did not confirm, or the deletion failed */
async function teardown(yes: boolean, { target, print, ending }: FinishingContext): Promise<void> {
  const stack = await findStack(target);
  if (stack) {
    print.rows(deletionPlan(await resourcesOf(target)));
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
function deletionPlan(resources: readonly StackResourceSummary[]) {
  const retained = resources.filter(({ ResourceType = '' }) => RETAINED.includes(ResourceType));
  const types = resources.map(({ ResourceType = '' }) => ResourceType).filter((type) => !RETAINED.includes(type));
  return [
    ...retained.map(({ ResourceType: type, PhysicalResourceId: what }) => ({ fate: 'stays', type, what })),
    ...[...new Set(types)]
      .sort()
      .map((type) => ({ fate: 'goes', type, what: types.filter((other) => other === type).length })),
  ];
}

async function warnOfQueues(target: Target, print: Print): Promise<void> {
  const queues = await Promise.all(QUEUE_KEYS.map((key) => waitingIn(key, target)));
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting + queue.in_flight, 0);
  if (waiting > 0) print.note(`${waiting} events wait in the queues, which stay: \`${target.command`queues`}\``);
}

/** Asks for the name of a prod environment. @throws UserError when the operator types another text */
async function confirm({ environment }: Target): Promise<void> {
  if (!environment.startsWith('prod')) return;
  const typed = await askOnTerminal(
    `this is ${environment}: type its name to delete it: `,
    'nothing was deleted: prod is deleted from a terminal only',
  );
  if (typed.trim() !== environment) throw new UserError('nothing was deleted: that is not its name');
}

/** @throws UserError when CloudFormation could not delete the stack */
async function deleteStack(target: Target, abortSignal: AbortSignal): Promise<void> {
  const StackName = target.name(APPLICATION);
  await target.stacks.send(new DeleteStackCommand({ StackName }));
  try {
    await waitUntilStackDeleteComplete(
      { client: target.stacks, maxWaitTime: DELETION_SECONDS, minDelay: 1, maxDelay: 10, abortSignal },
      { StackName },
    );
  } catch {
    // The waiter throws the same error for a failed deletion and for a failed call: this call tells them apart.
    const stack = await findStack(target);
    if (!stack) return;
    throw new UserError(
      `${StackName} is not deleted: ${stack.status}; \`${target.aws`cloudformation describe-stack-events --stack-name ${StackName}`}\` says why`,
    );
  }
}
