import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until the answer is something.
 * @throws when it is not within the time
 */
export async function until<T>(what: () => Promise<T | undefined | false>, timeoutMs = 60_000): Promise<T> {
  for (const start = Date.now(); Date.now() - start < timeoutMs; await sleep(200)) {
    const found = await what();
    if (found) return found;
  }
  throw new Error('condition not met in time');
}
