import { readFileSync } from 'node:fs';
import { withAlarms } from './runbook';
import { samconfigToml } from './samconfig';
import { template } from './template';
import { templateYaml } from './yaml';

/** What the definitions render, and the command that writes it. */
export const renderedFiles = {
  files: new Map([
    ['template.yaml', templateYaml(template)],
    ['samconfig.toml', samconfigToml],
    ['docs/runbook.md', withAlarms(readFileSync('docs/runbook.md', 'utf8'))],
  ]),
  command: 'npm run template',
};
