import { UserError } from '../../lib/user-error.mjs';
import { describeStack } from '../doctor/stack';
import { setAttentionExitCode } from '../program';
import { toUserError } from '../target/aws-errors';
import type { Target } from '../target/target';
import type { Print } from '../terminal/output';
import { type Claim, notTried, type Verdict } from './claim';
import { CLAIMS } from './claims';
import { removeMessages, removeRows } from './traces';
import { Trial } from './trial';

export interface ConformanceOptions {
  readonly only?: readonly string[];
  readonly yes?: boolean;
  readonly restore?: boolean;
}

export const MINUTE_MS = 60_000;

const WHAT = `It creates tables, a queue, a rule, a topic, a function and alarms named logistics-conformance-*, sends some 30 events of shipments named
CONFORMANCE-*, and removes all of it. For about a minute the shipment processor gets no events: they wait in its dead-letter queue. Subscribers of the
topics get a few messages, and alarms may go off. It takes about 20 minutes and costs less than $0.10.`;

/**
 * Tries claims on a deployed stack and prints what was seen.
 * @param minute milliseconds of one of AWS's minutes
 * @param ask asks the operator a question
 * @param ending aborted when the run must end; it still removes what it has created
 * @throws UserError when the stack is protected, a claim is unknown, or the operator declines
 */
export async function conformance(
  { only = [], yes, restore }: ConformanceOptions,
  minute: number,
  target: Target,
  print: Print,
  ask: (question: string) => Promise<string>,
  ending: AbortSignal,
): Promise<void> {
  const claims = claimsOf(only);
  const stack = await describeStack(target);
  const trial = new Trial(stack, target.now().toString(36), minute, ending, restore);
  const { account, region } = trial.place;
  print.target(`account ${account}, region ${region}, ${stack.arn}`);
  if (stack.protectsTables)
    throw new UserError(
      `${target.environment} has TableDeletionProtection: an environment with data to protect is no place to try AWS. Deploy another one`,
    );
  for (const line of WHAT.split('\n')) print.note(line);
  if (minute < MINUTE_MS) print.note(`on this stack each minute that is named below took ${minute / 1_000} s`);
  if (!yes && !/^y(es)?$/i.test((await ask('go on? (yes) ')).trim())) throw new UserError('nothing was tried');

  // Registered first, so removed last: rows and messages of all claims' events.
  trial.undo(`rows of shipments that begin with ${trial.prefix}`, () => removeRows(trial));
  trial.undo(`messages of shipments that begin with ${trial.prefix} in the dead-letter queues`, () =>
    removeMessages(trial),
  );
  const defects: unknown[] = [];
  const verdicts = new Map<string, Verdict>();
  const tryOne = async (claim: Claim) => {
    const verdict = await verdictOf(claim, trial, defects);
    verdicts.set(claim.id, verdict);
    print.note(`${verdicts.size} of ${claims.length}: ${claim.id}: ${verdict.state}`);
  };
  await Promise.all(claims.filter(({ last }) => !last).map(tryOne));
  await Promise.all(claims.filter(({ last }) => last).map(tryOne));

  print.note('removing what was made');
  const remaining = await trial.undoAll();
  print.rows(
    claims.map(({ id, sentence, source, how }) => ({ claim: id, ...verdicts.get(id), sentence, source, how })),
    ['claim', 'state', 'seen'],
  );
  for (const resource of remaining) print.note(`could not be removed: ${resource}`);
  if (ending.aborted)
    print.note(
      `an event that Lambda still retries leaves rows and messages for some minutes: their shipments begin with ${trial.prefix}`,
    );
  if (defects.length > 0) throw defects[0];
  if (remaining.length > 0 || [...verdicts.values()].some(({ state }) => state === 'differs')) setAttentionExitCode();
}

function claimsOf(only: readonly string[]): readonly Claim[] {
  const unknown = only.filter((id) => !CLAIMS.some((claim) => claim.id === id));
  if (unknown.length > 0)
    throw new UserError(`there is no claim ${unknown.join(', ')}: ${CLAIMS.map(({ id }) => id).join(', ')}`, 2);
  return only.length === 0 ? CLAIMS : CLAIMS.filter(({ id }) => only.includes(id));
}

/** Tries a claim. An error makes it `not tried`, so that it does not hide the other claims. */
export async function verdictOf(claim: Claim, trial: Trial, defects: unknown[]): Promise<Verdict> {
  if (trial.ending.aborted) return notTried('interrupted');
  if (claim.needs && trial.stack.parameters.get(claim.needs) !== 'true')
    return notTried(`${claim.needs} is off in this environment`);
  try {
    return await claim.try(trial);
  } catch (thrown) {
    if (trial.ending.aborted) return notTried('interrupted');
    const error = toUserError(thrown);
    if (error instanceof UserError) return notTried(error.message);
    defects.push(thrown);
    return notTried('a defect of this command');
  }
}
