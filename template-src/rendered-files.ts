import { samconfigToml } from './samconfig';
import { importTemplate, template } from './template';
import { templateYaml } from './yaml';

/** What CloudFormation and the SAM CLI read, by file. */
export const renderedFiles = new Map([
  ['template.yaml', templateYaml(template)],
  ['import-template.json', `${JSON.stringify(importTemplate, null, 2)}\n`],
  ['samconfig.toml', samconfigToml],
]);
