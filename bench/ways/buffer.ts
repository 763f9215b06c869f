/**
 * A queue between the bus and the functions, by price. Direct, an event costs an invocation and its duration; through a queue, of which Lambda takes
 * `batch` messages at once, it costs a message sent, and its share of one receive, one delete and one invocation:
 *
 *     direct   = invocation + duration
 *     buffered = request x (1 + 2 / batch) + invocation / batch + duration / batch
 *
 * The last term is the very best: a batch handled all at once that takes no longer than one event. Handled one after the other a batch saves
 * no duration. Left out: the queue is asked all the time, 0.26 dollars a month where nothing comes.
 */
import { PRICES } from '../../template-src/cost/prices';

/** Dollars of one event that is billed for so many milliseconds. */
export interface Billed {
  readonly milliseconds: number;
  readonly gigabytes: number;
}

const duration = ({ milliseconds, gigabytes }: Billed) =>
  (milliseconds / 1_000) * gigabytes * PRICES.lambdaGigabyteSecond;

export const direct = (billed: Billed) => PRICES.lambdaRequest + duration(billed);

/** @param batch messages that Lambda takes at once; Infinity is what no batch reaches */
export const buffered = (billed: Billed, batch: number) =>
  PRICES.queueRequest * (1 + 2 / batch) + (PRICES.lambdaRequest + duration(billed)) / batch;

/** The milliseconds from which an event is cheaper through the queue; a batch of one never is. */
export function crossing(batch: number, gigabytes: number): number {
  const dollars = (PRICES.queueRequest * (1 + 2 / batch)) / (1 - 1 / batch) - PRICES.lambdaRequest;
  return (dollars / (gigabytes * PRICES.lambdaGigabyteSecond)) * 1_000;
}
