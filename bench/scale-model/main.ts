/** `npm run scale`: writes the table and the plots of docs/scale.md; `--check` says whether they are stale. */
import { writeOrCheck } from '../../contracts/generate/generated-files';
import { Random } from '../../local/simulation/random';
import { withSection } from '../../template-src/written-section';
import { markdown } from '../table';
import { DEPLOYED, type Design } from './design';
import { planTable } from './plan';
import { svg } from './plot';
import { type Hour, simulate } from './simulate';

const COMMAND = 'npm run scale';

const rates = Array.from({ length: 25 }, (_, index) => 10 ** (1 + index / 8));

const lineOf = (name: string, design: Design, value: (hour: Hour) => number) => ({
  name,
  points: rates.map((rate) => [rate, value(simulate(rate, design, new Random(7)))] as const),
});

const wide = { ...DEPLOYED, updaters: 100_000, tableUnits: 1e6 };

const files = new Map([
  withSection('docs/scale.md', 'plan', markdown(planTable()), COMMAND),
  [
    'docs/scale-concurrency.svg',
    svg({
      question: 'How long does an event wait, by the shipment processor’s reserved concurrency?',
      x: 'events a second, on average',
      y: 'longest wait of an hour’s events, s',
      lines: [10, 40, 160].map((processors) =>
        lineOf(`${processors} reserved`, { ...wide, processors, shards: 1_000 }, ({ longestWait }) => longestWait),
      ),
    }),
  ],
  [
    'docs/scale-shards.svg',
    svg({
      question: 'How many events end in the failure queue, by shards of the status index?',
      x: 'events a second, on average',
      y: 'per cent',
      lines: [1, 4, 16].map((shards) =>
        lineOf(
          `${shards} shard${shards === 1 ? '' : 's'}`,
          { ...wide, processors: 1e6, shards },
          ({ givenUp }) => givenUp * 100,
        ),
      ),
    }),
  ],
]);

writeOrCheck({ files, command: COMMAND });
