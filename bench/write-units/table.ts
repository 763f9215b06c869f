import { PRICES } from '../../tools/cost/prices';
import { OUTCOMES, type Outcome, SHIPMENT } from '../../tools/cost/usage';
import { mean } from '../statistics';
import type { Table } from '../table';
import { countOutcomes, unitsOf } from './count';
import type { CountedFunctions } from './functions';
import type { Units } from './rules';

/** Kilobytes of metadata beyond the ordinary. */
const KILOBYTES = [0, 1, 4, 16, 64] as const;

const cell = (units: number) => `${units} ($${(units * PRICES.writeUnit * 1e6).toFixed(2)})`;

/** Write units, and dollars per million events, for each outcome of an event and for the average event of an ordinary shipment. */
export async function unitsTable(functions: CountedFunctions): Promise<Table> {
  const counts: Record<Outcome, readonly Units[]>[] = [];
  for (const kilobytes of KILOBYTES) counts.push(await countOutcomes(functions, kilobytes * 1_024));
  const [ordinary] = counts;
  const row = (outcome: Outcome) => [
    OUTCOMES[outcome].anEventThat,
    String(ordinary?.[outcome].length),
    ...counts.map((count) => cell(unitsOf(count[outcome]))),
  ];
  const average = (of: (outcome: Outcome) => number) => mean(SHIPMENT.map(({ becomes }) => of(becomes)));
  return {
    head: ['an event that', 'writes', 'ordinary', ...KILOBYTES.slice(1).map((kilobytes) => `and ${kilobytes} KB`)],
    rows: [
      ...(Object.keys(OUTCOMES) as Outcome[]).map(row),
      [
        '**of an ordinary shipment, on average**',
        String(average((outcome) => ordinary?.[outcome].length ?? 0)),
        ...counts.map((count) => cell(average((outcome) => unitsOf(count[outcome])))),
      ],
    ],
  };
}
