/** How Lambda tries an asynchronous invocation again that failed: after one minute, then after two. */
const [FIRST_PAUSE, SECOND_PAUSE] = [60, 120];

/** Seconds before each retry. */
export const RETRIES_AFTER_SECONDS: readonly number[] = [FIRST_PAUSE, SECOND_PAUSE];

/** Milliseconds from the first attempt on an event to each of its attempts. */
export const ATTEMPTS_AFTER_MS = [0, FIRST_PAUSE, FIRST_PAUSE + SECOND_PAUSE].map((seconds) => seconds * 1_000);
