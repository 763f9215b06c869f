import type { Context } from 'aws-lambda';
import { type DetailOf, type EventContract, parseDetail } from '../../contracts/define-event';
import { type Envelope, identifiersOf, readEnvelope } from '../domain/envelope';
import { errorTypeOf, type Failure, failureOf } from '../domain/failure-row';
import { InProgress, Postponed, Rejected } from '../domain/failures';
import { beforeDeadline, type Invocation } from './invocation';
import type { Telemetry } from './telemetry';

/** An event that its contract accepts. */
export interface Received<C extends EventContract> {
  readonly envelope: Envelope;
  readonly detail: DetailOf<C>;
}

export interface EventHandler<C extends EventContract> {
  /** With the environment's suffix. */
  readonly functionName: string;
  readonly contracts: readonly C[];
  readonly telemetry: Telemetry;
  /** Handles one event and returns the result's body. */
  run(received: Received<C>, invocation: Invocation): Promise<Readonly<Record<string, unknown>>>;
  /** Records a failed attempt, before it is thrown to Lambda. */
  recordFailure(failure: Failure): Promise<void>;
}

export type LambdaHandler = (input: unknown, context: Context) => Promise<{ statusCode: 200; body: string }>;

/**
 * Adds validation, the deadline and failure handling to a handler. A failure is recorded and rethrown, so that Lambda retries and then sends
 * the event to the dead-letter queue. An event that only waits, for another invocation or until it is due, is not recorded as a failure.
 */
export function eventHandler<C extends EventContract>(parts: EventHandler<C>): LambdaHandler {
  const { functionName, contracts, telemetry } = parts;
  return async (input, context) => {
    const identifiers = identifiersOf(input);
    telemetry.begin(context, identifiers);
    try {
      const result = await beforeDeadline(context, (invocation) => parts.run(receive(input, contracts), invocation));
      return { statusCode: 200, body: JSON.stringify(result) };
    } catch (error) {
      if (error instanceof InProgress) {
        telemetry.info(error.message, { outcome: error instanceof Postponed ? 'postponed' : 'in_progress' });
      } else {
        telemetry.count(errorTypeOf(error) === 'transient' ? 'failed' : 'rejected');
        telemetry.error('the event was not handled', error);
        await recordQuietly(failureOf(input, error, functionName), parts);
      }
      throw error;
    } finally {
      telemetry.end(identifiers.time > 0 ? Math.max(0, Date.now() - identifiers.time) : undefined);
    }
  };
}

/** @throws Rejected naming the field unless the input is an event of one of the contracts */
function receive<C extends EventContract>(input: unknown, contracts: readonly C[]): Received<C> {
  const envelope = readEnvelope(input);
  const { source, detailType } = envelope;
  const contract = contracts.find((candidate) => candidate.source === source && candidate.detailType === detailType);
  if (contract === undefined) {
    const accepted = contracts.map((candidate) => `${candidate.source} / ${candidate.detailType}`).join(', ');
    throw new Rejected(`source and detail-type are ${source} / ${detailType}: this function takes ${accepted}`);
  }
  const parsed = parseDetail(contract, envelope.detail);
  if (parsed.ok) return { envelope: { ...envelope, detail: parsed.received }, detail: parsed.detail };
  throw new Rejected(parsed.problems.map(({ path, message }) => `${path} ${message}`).join('; '));
}

/** Records a failure. If that fails too, the second failure is only logged, and Lambda still gets the first. */
async function recordQuietly(
  failure: Failure,
  { recordFailure, telemetry }: Pick<EventHandler<never>, 'recordFailure' | 'telemetry'>,
) {
  try {
    await recordFailure(failure);
  } catch (error) {
    telemetry.error('the failure could not be recorded', error);
  }
}
