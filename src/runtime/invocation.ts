import type { Context } from 'aws-lambda';
import { DeadlineReached } from '../domain/failures';
import { leaseOf } from '../domain/lease';

/** Time reserved at the end of an invocation to record that it failed. */
export const RESERVE_MS = 3_000;

export interface Invocation {
  readonly lease: string;
  /** Aborts when the work must stop, {@link RESERVE_MS} before Lambda kills the process. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds by the handler's clock. */
  now(): number;
}

/**
 * Runs the work until its time is up. The signal also aborts calls that are under way: a failed attempt must not continue when Lambda thaws
 * the process for the next one.
 * @throws DeadlineReached when the work did not end in time
 */
export async function beforeDeadline<T>(context: Context, work: (invocation: Invocation) => Promise<T>): Promise<T> {
  const remaining = context.getRemainingTimeInMillis();
  const controller = new AbortController();
  const invocation: Invocation = {
    lease: leaseOf(Date.now() + remaining, context.awsRequestId),
    signal: controller.signal,
    now: Date.now,
  };
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        reject(new DeadlineReached(`not done ${RESERVE_MS} ms before the function's timeout`));
        controller.abort();
      },
      Math.max(0, remaining - RESERVE_MS),
    );
  });
  try {
    return await Promise.race([work(invocation), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Aborts the recording of a failure before Lambda's own timeout. */
export const recordingSignal = () => AbortSignal.timeout(RESERVE_MS - 500);
