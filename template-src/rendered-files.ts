import { readFileSync } from 'node:fs';
import { costTables } from './cost/tables';
import { alarmSections } from './runbook';
import { samconfigToml } from './samconfig';
import { template } from './template';
import { withSection } from './written-section';
import { templateYaml } from './yaml';

/** What the definitions render, and the command that writes it. */
export const renderedFiles = {
  files: new Map([
    ['template.yaml', templateYaml(template)],
    ['samconfig.toml', samconfigToml],
    ['docs/runbook.md', withSection(readFileSync('docs/runbook.md', 'utf8'), 'alarms', alarmSections())],
    ['docs/cost.md', withSection(readFileSync('docs/cost.md', 'utf8'), 'bills', costTables)],
  ]),
  command: 'npm run template',
};
