/** What follows from contracts, template and layers, once contracts/generated has been written. */
import { writeOrCheck } from '../../lib/generated-files';
import { acceptedFindingsTable } from '../../template-src/accepted-findings';
import { capacityTables } from '../../template-src/cost/capacity';
import { costSummary, costTables } from '../../template-src/cost/tables';
import { pictureOf } from '../../template-src/picture/graph';
import { renderedFiles } from '../../template-src/rendered-files';
import { template } from '../../template-src/template';
import { layersTable } from '../layers/table';
import { DOCUMENTS_FOLDER, documents } from './documents';
import { GeneratedSections } from './generated-sections';
import { mermaid } from './mermaid';
import { alarmSections } from './runbook';
import { SAMPLE_FOLDERS, samples } from './samples';

const picture = mermaid(pictureOf(template));
const sections = new GeneratedSections('npm run generate')
  .put('README.md', 'picture', picture)
  .put('README.md', 'cost', costSummary)
  .put('docs/architecture.md', 'picture', picture)
  .put('docs/runbook.md', 'alarms', alarmSections())
  .put('docs/cost.md', 'bills', costTables)
  .put('docs/scale.md', 'capacity', capacityTables)
  .put('docs/security.md', 'findings', acceptedFindingsTable)
  .put('CONTRIBUTING.md', 'layers', layersTable);

writeOrCheck({
  files: new Map([...samples, ...documents, ...renderedFiles, ...sections.files]),
  folders: [...SAMPLE_FOLDERS, DOCUMENTS_FOLDER],
});
