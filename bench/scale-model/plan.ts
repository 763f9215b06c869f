/** The way from 1,500 events a day to 10,000 a second: which part is full first, and what then. */

import { Random } from '../../local/simulation/random';
import { growth, idle, total, used } from '../../template-src/cost/bill';
import { dollars } from '../../template-src/cost/tables';
import { grouped } from '../../template-src/grouped';
import type { Table } from '../table';
import { PEAK } from './arrivals';
import { capacities, DEPLOYED, type Design, type Part } from './design';
import { simulate } from './simulate';

const SEED = 7;

const RATES: readonly (readonly [name: string, rate: number])[] = [
  ['1,500 a day', 1_500 / 86_400],
  ['10 a second', 10],
  ['100 a second', 100],
  ['1,000 a second', 1_000],
  ['10,000 a second', 10_000],
];

/** What to change when a part is full at this rate; each step has room for twice the peak. */
const CHANGES: Readonly<Record<Part, (design: Design, times: number) => Design>> = {
  'the shipment processor’s concurrency': (design, times) => ({ ...design, processors: design.processors * times }),
  'the status updater’s concurrency': (design, times) => ({ ...design, updaters: design.updaters * times }),
  'one status in a status index': (design, times) => ({ ...design, shards: design.shards * times }),
  'the table’s write units': (design, times) => ({ ...design, tableUnits: design.tableUnits * times }),
};

export interface Step {
  readonly rate: string;
  /** The same as a number: events a second, on average. */
  readonly events: number;
  readonly before: Design;
  readonly after: Design;
  /** The parts that were full, the fullest first, with the events a second that each takes. */
  readonly full: readonly (readonly [part: Part, events: number])[];
}

/** At each rate, the design that came so far, and what must change. */
export function plan(): readonly Step[] {
  let design = DEPLOYED;
  return RATES.map(([rate, events]) => {
    const before = design;
    const full = (Object.entries(capacities(before)) as [Part, number][])
      .filter(([, capacity]) => capacity < events * PEAK)
      .sort(([, one], [, other]) => one - other);
    for (const [part, capacity] of full)
      design = CHANGES[part](design, 2 ** Math.ceil(Math.log2((2 * events * PEAK) / capacity)));
    return { rate, events, before, after: design, full };
  });
}

const cell = (rate: number, design: Design) => {
  const { longestWait, givenUp } = simulate(rate, design, new Random(SEED));
  return `${longestWait < 1 ? 'under 1 s' : `${longestWait.toFixed(0)} s`}, ${(givenUp * 100).toFixed(1)} %`;
};

const bill = (eventsADay: number) =>
  `${dollars(total(idle) + total(used(eventsADay)))}, ${dollars(growth(eventsADay))}`;

export function planTable(): Table {
  return {
    head: [
      'events',
      'full in a burst (events a second it takes)',
      'longest wait, given up: before',
      'and after',
      'the design then',
      'a month, and what each adds to later ones',
    ],
    rows: plan().map(({ rate, events, before, after, full }) => {
      const { processors, updaters, shards, tableUnits } = after;
      return [
        rate,
        full.map(([part, capacity]) => `${part} (${grouped(capacity)})`).join('; ') || 'nothing',
        cell(events, before),
        full.length > 0 ? cell(events, after) : '',
        `${grouped(processors)} + ${grouped(updaters)} invocations, ${shards} a status, ${grouped(tableUnits)} units`,
        bill(Math.round(events * 86_400)),
      ];
    }),
  };
}
