/** AWS's clock, which sets the times of rows and messages. This machine's may be wrong, and the SDK corrects it for signatures only. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** The part of a client that needs no types of its service. */
export type Client = Pick<DynamoDBClient, 'middlewareStack'>;

/** Differences up to this are ignored: a `Date` header has whole seconds and takes time to arrive. */
const TOLERANCE_MS = 2_000;

/**
 * Reads the `Date` header of each response, errors included (RFC 9110, section 6.6.1: an origin with a clock sends it).
 * @returns a function that gives epoch milliseconds by the latest response, before the first by this machine's clock
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
      // Before the SDK turns an error response into an exception.
      { step: 'deserialize', priority: 'low', name: 'serviceClock' },
    );
  }
  return () => Date.now() + ahead;
}

const dateOf = (response: unknown) =>
  Date.parse((response as { headers?: Record<string, string> } | undefined)?.headers?.['date'] ?? '');
