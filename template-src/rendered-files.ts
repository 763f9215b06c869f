import { samconfigToml } from './samconfig';
import { importTemplate, template } from './template';
import { templateYaml } from './yaml';

/** What the definitions render, and the command that writes it. */
export const renderedFiles = {
  files: new Map([
    ['template.yaml', templateYaml(template)],
    ['import-template.json', `${JSON.stringify(importTemplate, null, 2)}\n`],
    ['samconfig.toml', samconfigToml],
  ]),
  command: 'npm run template',
};
