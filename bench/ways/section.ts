/** Dollars for a million events of an ordinary shipment (writes and Lambda), beside other ways to the same end. */
import { gigabytes } from '../../template-src/cost/bill';
import { PRICES } from '../../template-src/cost/prices';
import { BILLED_MS, SHIPMENT } from '../../template-src/cost/usage';
import { grouped } from '../../template-src/grouped';
import type { Run } from '../run';
import { mean } from '../statistics';
import { markdown, type Table } from '../table';
import { countOutcomes, idempotencyUnits, unitsOf } from '../write-units/count';
import { buffered, crossing, direct } from './buffer';

/** The most messages that Lambda takes from a queue at once without waiting for more. */
const BATCH = 10;

/** States of a workflow that records, advances and tells. */
const TRANSITIONS = 3;

const billed = { milliseconds: BILLED_MS, gigabytes };

const dollars = (each: number) => `$${(each * 1e6).toFixed(2)}`;

export async function waysSection(run: Run): Promise<string> {
  const functions = await run.countedFunctions;
  const counted = await countOutcomes(functions);
  const writes = SHIPMENT.map(({ becomes }) => counted[becomes]);
  const units = mean(writes.map(unitsOf));
  // A transaction prepares and commits each row; its entries in the indexes are written once.
  const rows = mean(
    writes.map((all) =>
      all.filter(({ request }) => request.startsWith('PutItem')).reduce((sum, { table }) => sum + table, 0),
    ),
  );
  const idempotency = await idempotencyUnits(functions, (await run.baselines).full);
  const own = units * PRICES.writeUnit + direct(billed);
  const ways: readonly (readonly [what: string, added: number, how: string])[] = [
    ['this project', 0, `${units} write units, one invocation of ${BILLED_MS} ms`],
    ['both rows in one transaction', rows * PRICES.writeUnit, `the two rows count twice: ${rows} units more`],
    [
      "Powertools' idempotency around it",
      idempotency * PRICES.writeUnit,
      `its put and its update: ${idempotency} units more`,
    ],
    [
      `a standard workflow of ${TRANSITIONS} states`,
      TRANSITIONS * PRICES.workflowTransition,
      `${TRANSITIONS} transitions more`,
    ],
    [
      `a queue before it, batches of ${BATCH}, at best`,
      buffered(billed, BATCH) - direct(billed),
      `${1 + 2 / BATCH} queue requests more, ${1 - 1 / BATCH} invocations fewer`,
    ],
  ];
  const compared = markdown({
    head: ['', 'a million events', 'against this project', 'why'],
    rows: ways.map(([what, added, how]) => [what, dollars(own + added), `${((own + added) / own).toFixed(2)} x`, how]),
  });
  return `${compared}\n\n${markdown(crossings())}`;
}

/** How full a queue's batches must be, and what an event must be billed for, until the queue is cheaper. */
function crossings(): Table {
  const row = (batch: number) => [
    Number.isFinite(batch) ? grouped(batch) : 'without end',
    Number.isFinite(batch) ? `${grouped(batch - 1)} a second` : 'none reaches it',
    `${Math.ceil(crossing(batch, gigabytes))} ms`,
    BILLED_MS > crossing(batch, gigabytes) ? 'yes' : 'no',
  ];
  return {
    head: ['events a batch', 'which fill it in a window of 1 s', 'the queue is cheaper from', `at ${BILLED_MS} ms`],
    rows: [2, 5, BATCH, 100, 10_000, Number.POSITIVE_INFINITY].map(row),
  };
}
