import { isCorrection } from '../../../contracts/shipment-events';
import type { FaultProxy } from '../../../local/faults/fault-proxy';
import type { LocalStack } from '../../../local/stack';
import { differences } from './compare';
import { type Delivered, deliver, forget } from './deliver';
import type { ShufflePlan } from './plan';

/** A function's attempt to handle one of the day's events, seen by its write to the log. */
export interface Attempt {
  /** Index of the event in the day. */
  readonly place: number;
  readonly outcome: 'new row' | 'killed' | 'retried' | 'duplicate';
}

export type Outcome = ReturnType<typeof outcomeOf>;

export type Shuffled = Awaited<ReturnType<typeof shuffle>>;

/**
 * Delivers a shipment's day in order and removes its rows. Then delivers the same events reversed, some twice and with one function process
 * killed, and compares the rows.
 * @throws UserError when the functions do not finish in time
 */
export async function shuffle(plan: ShufflePlan, stack: LocalStack, proxy: FaultProxy) {
  try {
    const inOrder = await deliver(plan, [...plan.day.keys()], undefined, stack, proxy);
    await forget(inOrder, stack);
    const shuffled = await deliver(plan, plan.deliveries, plan.killed, stack, proxy);
    return {
      shipment: plan.shipment,
      day: plan.day.map(({ 'detail-type': detail_type, detail }) => ({
        status: detail.status,
        at: detail.occurred_at,
        corrects: isCorrection({ detail_type }),
      })),
      inOrder: outcomeOf(plan, inOrder),
      shuffled: outcomeOf(plan, shuffled),
      differences: differences(inOrder, shuffled),
    };
  } finally {
    proxy.beginDelivery(() => undefined);
  }
}

function outcomeOf({ day }: ShufflePlan, { writes, log, current, notified }: Delivered) {
  const killedByPlace = new Map<number, boolean>();
  const attempts = writes
    .filter(({ table }) => table === 'log')
    .map(({ item, killed }): Attempt => {
      const place = day.findIndex(({ detail }) => detail.event_id === item['event_id']);
      const wasKilled = killedByPlace.get(place);
      killedByPlace.set(place, killed);
      if (killed) return { place, outcome: 'killed' };
      return { place, outcome: wasKilled === undefined ? 'new row' : wasKilled ? 'retried' : 'duplicate' };
    });
  // Without the writes' condition on the version, the last one would stay.
  const lastWrite = writes.findLast(({ table }) => table === 'status')?.item;
  return { attempts, log, current, notified, lastWrite: String(lastWrite?.['status']) };
}
