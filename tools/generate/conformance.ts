import { CLAIMS } from '../../cli/conformance/claims';
import { markdownTable } from '../../lib/markdown';
import { EMBEDDED_AWS } from '../../local/known-differences';

const cell = (text: string) => text.replaceAll('|', '\\|');

/** A row for each claim about AWS: how it is tried, and whether it holds on the embedded AWS. */
export const claimsTable = markdownTable(
  ['claim', 'of AWS', 'tried by', 'source', 'the embedded AWS'],
  CLAIMS.map(({ id, sentence, source, how }) =>
    [`<a id="${id}"></a>\`${id}\``, sentence, how, source, EMBEDDED_AWS[id] ?? 'held'].map(cell),
  ),
);
