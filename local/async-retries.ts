/** Milliseconds from the first attempt on an event to each attempt: Lambda retries after one minute, then after two more. */
export const ATTEMPTS_AFTER_MS = [0, 60_000, 180_000];
