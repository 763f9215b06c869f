/** Writes template.yaml and samconfig.toml; with `--check` says whether the committed ones are stale. */
import { writeOrCheck } from '../contracts/generate/generated-files';
import { samconfigToml } from './samconfig';
import { template } from './template';
import { templateYaml } from './yaml';

writeOrCheck({
  files: new Map([
    ['template.yaml', templateYaml(template)],
    ['samconfig.toml', samconfigToml],
  ]),
  command: 'npm run template',
});
