import { UserError } from '../../lib/user-error.mjs';
import type { Check, Findings, Stack } from '../doctor/check';
import { CHECKS } from '../doctor/checks';
import { describeStack } from '../doctor/stack';
import { contextOf, help, type Register, setAttentionExitCode } from '../program';
import { toUserError } from '../target/aws-errors';

const ABOUT = `ok: healthy; attention: a problem, and what to type next; unknown: the check could not be made (no permission, or the local stack lacks the
API). Ends with 1 when something needs attention.`;

export const register: Register = (program) => {
  program
    .command('doctor')
    .description(
      'the stack, alarms, queues, tables, statuses, keys, rules, carriers, archive, versions, concurrency and alert subscription, at a glance',
    )
    .addHelpText('after', help(ABOUT, 'doctor', 'doctor --env prod --json'))
    .action(async (_options, command) => {
      const { target, print } = contextOf(command);
      const stack = await describeStack(target);
      print.target(stack.arn);
      const run = async ([check, find]: [string, Check]) =>
        (await findingsOf(find, stack)).map((finding) => ({ check, ...finding }));
      const findings = (await Promise.all(Object.entries(CHECKS).map(run))).flat();
      print.rows(findings, ['state', 'check', 'finding', 'next']);
      if (findings.some(({ state }) => state === 'attention')) setAttentionExitCode();
    });
};

/** Findings of a check; an error of AWS becomes one, so that it does not hide the others. */
async function findingsOf(check: Check, stack: Stack): Promise<Findings> {
  try {
    return await check(stack);
  } catch (thrown) {
    const error = toUserError(thrown);
    if (error instanceof UserError) return [{ state: 'unknown', finding: error.message }];
    throw error;
  }
}
