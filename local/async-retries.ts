/** Milliseconds from the first attempt on an event to each of its attempts: Lambda tries again after a minute, and then after two. */
export const ATTEMPTS_AFTER_MS = [0, 60_000, 180_000];
