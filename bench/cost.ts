/** Dollars for a million events, by the rules and prices of docs/cost.md, beside other ways to the same end. */
import { PRICES } from '../template-src/cost/prices';
import { BILLED_MS, SHIPMENT, WRITE_UNITS } from '../template-src/cost/usage';
import { FUNCTION_FIGURES } from '../template-src/defaults';
import type { Table } from './table';

const dollars = (each: number) => `$${(each * 1e6).toFixed(2)}`;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The most messages that Lambda takes from a queue at once without waiting for more. */
const BATCH = 10;

/** Dollars for a million events of an ordinary shipment (writes and Lambda), beside other ways to the same end. */
export function waysTable(): Table {
  const units = mean(SHIPMENT.map(({ becomes }) => WRITE_UNITS[becomes]));
  const gigabytes = mean(SHIPMENT.map((event) => FUNCTION_FIGURES[event.function].memory / 1_024));
  const duration = (BILLED_MS / 1_000) * gigabytes * PRICES.lambdaGigabyteSecond;
  const own = units * PRICES.writeUnit + PRICES.lambdaRequest + duration;
  const { queueRequest, workflowTransition } = PRICES;
  // Each message is sent, and received and deleted with nine others; the invocation, and its duration at the very best, is shared.
  const buffer = queueRequest * (1 + 2 / BATCH) - (1 - 1 / BATCH) * (PRICES.lambdaRequest + duration);
  const ways: readonly (readonly [what: string, added: number, how: string])[] = [
    ['this project', 0, `${units} write units, one invocation of ${BILLED_MS} ms`],
    ['both rows in one transaction', 2 * PRICES.writeUnit, 'the two rows count twice: 2 units more'],
    ['an idempotency layer around it', 2 * PRICES.writeUnit, 'two writes more'],
    ['a standard workflow of three states', 3 * workflowTransition, 'three transitions more'],
    [`a queue before it, batches of ${BATCH}, at best`, buffer, '1.2 queue requests more, 0.9 invocations fewer'],
  ];
  return {
    head: ['', 'a million events', 'against this project', 'why'],
    rows: ways.map(([what, added, how]) => [what, dollars(own + added), `${((own + added) / own).toFixed(2)} x`, how]),
  };
}
