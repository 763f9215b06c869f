/** Writes what the definitions render; with `--check` says whether the committed files are stale. */
import { writeOrCheck } from '../contracts/generate/generated-files';
import { acceptedFindingsTable } from './accepted-findings';
import { costTables } from './cost/tables';
import { documentsWith } from './picture/documents';
import { pictureOf } from './picture/graph';
import { mermaid } from './picture/mermaid';
import { renderedFiles } from './rendered-files';
import { alarmSections } from './runbook';
import { template } from './template';
import { withSection } from './written-section';

const { files, command } = renderedFiles;
const documents = [
  ...documentsWith(mermaid(pictureOf(template))),
  withSection('docs/runbook.md', 'alarms', alarmSections()),
  withSection('docs/cost.md', 'bills', costTables),
  withSection('docs/security.md', 'findings', acceptedFindingsTable),
];
writeOrCheck({ files: new Map([...files, ...documents]), command });
