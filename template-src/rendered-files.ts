import { samconfigToml } from './samconfig';
import { template } from './template';
import { templateYaml } from './yaml';

/** What the definitions render, and the command that writes it. */
export const renderedFiles = {
  files: new Map([
    ['template.yaml', templateYaml(template)],
    ['samconfig.toml', samconfigToml],
  ]),
  command: 'npm run template',
};
