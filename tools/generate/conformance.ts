/** The list of claims in docs/conformance.md. */
import { CLAIMS } from '../../cli/conformance/claims';
import { ARCHIVE_DAYS } from '../../contracts/retention';
import { writeOrCheck } from '../../lib/generated-files';
import { markdownTable } from '../../lib/markdown';
import { EMBEDDED_AWS } from '../../local/known-differences';
import { GeneratedSections } from './generated-sections';

const cell = (text: string) => text.replaceAll('|', '\\|');

const rows = CLAIMS.map(({ id, sentence, source, how }) =>
  [`<a id="${id}"></a>\`${id}\``, sentence, how, source, EMBEDDED_AWS[id] ?? 'held'].map(cell),
);

const table = markdownTable(['claim', 'of AWS', 'tried by', 'source', 'the embedded AWS'], rows);

const sections = new GeneratedSections('npm run generate')
  .put('docs/conformance.md', 'claims', table)
  .fill('docs/conformance.md', { claims: String(CLAIMS.length), archiveDays: String(ARCHIVE_DAYS) });

writeOrCheck({ files: sections.files });
