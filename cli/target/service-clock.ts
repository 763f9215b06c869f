/** The clock of AWS, which stamps rows and messages: this machine's may be wrong, and the SDK corrects it for signatures only. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The part that all services' clients share; the types of their middlewares differ in the commands alone. */
export type Client = Pick<DynamoDBClient, 'middlewareStack'>;

/** A date has whole seconds, and is on its way for a while: a smaller difference is none. */
const TOLERANCE_MS = 2_000;

/**
 * Reads the `Date` of each answer that the clients get, refusals included (RFC 9110, section 6.6.1: an origin with a clock sends it).
 * @returns epoch milliseconds by the latest answer; by this machine's clock before the first
 */
export function serviceClock(clients: readonly unknown[]): () => number {
  let ahead = 0;
  for (const client of clients as readonly Client[]) {
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const difference = dateOf(result.response) - Date.now();
        if (!Number.isNaN(difference)) ahead = Math.abs(difference) > TOLERANCE_MS ? difference : 0;
        return result;
      },
      // Next to the wire: outside of it a refusal is an exception already.
      { step: 'deserialize', priority: 'low', name: 'serviceClock' },
    );
  }
  return () => Date.now() + ahead;
}

const dateOf = (response: unknown) =>
  Date.parse((response as { headers?: Record<string, string> } | undefined)?.headers?.['date'] ?? '');
