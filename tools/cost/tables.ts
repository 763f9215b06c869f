import { markdownTable } from '../../lib/markdown';
import {
  carriersAddressCost,
  handlingCost,
  idleBill,
  type Line,
  maximumKeyCost,
  monthlyGrowth,
  stalledReportCost,
  total,
  usageBill,
  webhookCost,
} from './bill';
import { grouped } from './grouped';
import { PRICES } from './prices';
import { BILLED_MS, OUTCOMES, PRIMING_UNITS, STALLED_UNITS } from './usage';

/** Volumes that docs/cost.md shows, in events a day. */
const VOLUMES = [1_500, 1_000_000] as const;

const dollars = (amount: number) => `$${grouped(amount, 2)}`;

const table = (title: string, lines: readonly Line[]) => [
  `### ${title}`,
  '',
  markdownTable(
    ['', '', 'a month'],
    [
      ...lines.map(({ item, basis, dollars: amount }) => [item, basis, dollars(amount)]),
      ['**sum**', '', `**${dollars(total(lines))}**`],
    ],
  ),
  '',
];

/** Price of an event by its outcome. */
const outcomes = [
  '### A million events, by what becomes of them',
  '',
  markdownTable(
    ['an event that', 'write units', 'writes'],
    Object.values(OUTCOMES).map(({ anEventThat, units }) => [
      anEventThat,
      String(units),
      dollars(units * PRICES.writeUnit * 1e6),
    ]),
  ),
  '',
  `Beside its writes each million costs ${dollars(handlingCost * 1e6)}: the bus, an invocation of ${BILLED_MS} ms, its log lines, the archive. An event with three`,
  `attempts has three invocations, and its announcement is one more event. A million cold starts add ${PRIMING_UNITS} write units each, ${dollars(PRIMING_UNITS * PRICES.writeUnit * 1e6)}.`,
  '',
  `With \`StalledAfterDays\`, the metrics of the function and of the alarms on it cost ${dollars(stalledReportCost)} a month, and a million reports ${dollars((STALLED_UNITS * PRICES.writeUnit + PRICES.busEvent + PRICES.topicMessage) * 1e6)}: ${STALLED_UNITS} write units,`,
  'an event and a message each.',
  '',
];

/** Price of the carriers' public address. */
const webhooks = [
  "### A million carriers' webhooks",
  '',
  `With \`CarrierWebhooks\` each million calls cost ${dollars(webhookCost * 1e6)} (the request, ${BILLED_MS} ms, its log lines), refused ones as well. Their events, repeats`,
  'among them ([how many](carriers.md#what-becomes-of-a-scan)), cost as any others.',
  `The metrics of each platform, where all call, and of the alarms on the function cost ${dollars(carriersAddressCost)} a month. A parameter of Systems Manager costs nothing.`,
  '',
];

/** The bills of docs/cost.md. */
export const costTables = [
  ...table('Idle', idleBill),
  ...VOLUMES.flatMap((volume) => [
    ...table(`${grouped(volume)} events a day`, [
      { item: 'idle', basis: '', dollars: total(idleBill) },
      ...usageBill(volume),
    ]),
    `The log is kept: each month of this adds ${dollars(monthlyGrowth(volume))} to every later month. For the tables' key, AWS's or the stack's own, KMS has`,
    `between nothing and ${dollars(maximumKeyCost(volume))}, as above.`,
    '',
  ]),
  ...outcomes,
  ...webhooks,
].join('\n');

/** What one event a second costs a month, and adds to each later month. */
export const rateCosts = {
  rate: dollars(total(usageBill(86_400)) - total(usageBill(0))),
  growth: dollars(monthlyGrowth(86_400)),
};

/** The summary of the bills in the README. */
export const costSummary = markdownTable(
  ['events a day', 'a month'],
  [0, ...VOLUMES].map((volume) => {
    const lines = volume === 0 ? idleBill : [...idleBill, ...usageBill(volume)];
    return [volume === 0 ? 'none' : grouped(volume), `${dollars(total(lines))}, most of it ${mostOf(lines)}`];
  }),
);

function mostOf(lines: readonly Line[]): string {
  const [first] = [...lines].sort((one, other) => other.dollars - one.dollars);
  return first ? `${first.item} (${Math.round((100 * first.dollars) / total(lines))} %)` : 'nothing';
}
