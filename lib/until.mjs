import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls `ask` until it returns a truthy value.
 * @template T
 * @template [Otherwise=never]
 * @param {() => T | undefined | false | Promise<T | undefined | false>} ask
 * @param {number} [timeoutMs] `Infinity` for as long as it takes
 * @param {{ everyMs?: number, otherwise?: () => Otherwise }} [settings] `otherwise` throws or returns the result when the time is up
 * @returns {Promise<T | Otherwise>}
 * @throws Error when the time is up, unless `otherwise` is given
 */
export async function until(ask, timeoutMs = 60_000, { everyMs = 200, otherwise = () => timeout(timeoutMs) } = {}) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    const remaining = deadline - performance.now();
    if (remaining <= 0) return otherwise();
    await sleep(Math.min(everyMs, remaining));
  }
}

function timeout(timeoutMs) {
  throw new Error(`condition not met within ${timeoutMs} ms`);
}
