/** Writes what the definitions render; with `--check` says whether the committed files are stale. */
import { writeOrCheck } from '../contracts/generate/generated-files';
import { acceptedFindingsTable } from './accepted-findings';
import { capacityTables } from './cost/capacity';
import { costSummary, costTables } from './cost/tables';
import { GeneratedSections } from './generated-sections';
import { pictureOf } from './picture/graph';
import { mermaid } from './picture/mermaid';
import { renderedFiles } from './rendered-files';
import { alarmSections } from './runbook';
import { template } from './template';

const { files, command } = renderedFiles;
const picture = mermaid(pictureOf(template));
const documents = new GeneratedSections(command)
  .put('README.md', 'picture', picture)
  .put('README.md', 'cost', costSummary)
  .put('docs/architecture.md', 'picture', picture)
  .put('docs/runbook.md', 'alarms', alarmSections())
  .put('docs/cost.md', 'bills', costTables)
  .put('docs/scale.md', 'capacity', capacityTables)
  .put('docs/security.md', 'findings', acceptedFindingsTable);
writeOrCheck({ files: new Map([...files, ...documents.files]), command });
