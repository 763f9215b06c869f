import { randomInt } from 'node:crypto';
import { STATUSES } from '../../contracts/statuses';
import type { FaultProxy } from '../../local/faults/fault-proxy';
import type { LocalStack } from '../../local/stack';
import { pictureOf } from '../../template-src/picture/graph';
import { template } from '../../template-src/template';
import { Refusal } from './guard';
import { mapOf } from './map';
import { KINDS, sendEvent } from './send-event';
import { type PageServer, startPageServer } from './server';
import { planShuffle } from './shuffle/plan';
import { shuffle } from './shuffle/shuffle';
import { pageState } from './state';

/**
 * Starts the page of `npm start`.
 * @param proxy between the stack's functions and the embedded AWS; *shuffle* kills a function through it
 */
export function startPage(stack: LocalStack, proxy: FaultProxy): Promise<PageServer> {
  const about = { map: mapOf(pictureOf(template)), kinds: KINDS, statuses: STATUSES };
  let shuffles = 0;
  let isShuffling = false;

  async function shuffleOnce(request: unknown) {
    const { correction } = Object(request);
    if (isShuffling) throw new Refusal(409, 'a shuffle is under way: wait for it');
    isShuffling = true;
    shuffles += 1;
    try {
      return await shuffle(planShuffle(randomInt(2 ** 31), `SHUFFLE-${shuffles}`, correction === true), stack, proxy);
    } finally {
      isShuffling = false;
    }
  }

  return startPageServer({
    get: {
      '/api/about': async () => about,
      '/api/state': (query) => pageState(stack, query.get('shipment') ?? undefined),
    },
    post: { '/api/events': (request) => sendEvent(request, stack), '/api/shuffle': shuffleOnce },
  });
}
