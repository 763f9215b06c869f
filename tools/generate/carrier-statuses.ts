import { AFTERSHIP_STATUSES } from '../../carriers/aftership';
import { EASYPOST_STATUSES } from '../../carriers/easypost';
import type { StatusWords } from '../../carriers/history';
import { SHIPPO_STATUSES } from '../../carriers/shippo';
import { markdownTable } from '../../lib/markdown';

const PLATFORMS: Readonly<Record<string, readonly StatusWords[]>> = {
  EasyPost: EASYPOST_STATUSES,
  Shippo: SHIPPO_STATUSES,
  AfterShip: AFTERSHIP_STATUSES,
};

/** A row for each status word of a platform: our status for it, and its source. */
export const carrierStatuses = markdownTable(
  ['platform', 'field', 'word', 'status', 'source'],
  Object.entries(PLATFORMS).flatMap(([platform, tables]) =>
    tables.flatMap(({ source, field, statuses }) =>
      Object.entries(statuses).map(([word, status]) => [
        platform,
        `\`${field}\``,
        `\`${word}\``,
        status ? `\`${status}\`` : 'no event',
        `[page](${source})`,
      ]),
    ),
  ),
);
