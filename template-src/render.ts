/** Writes template.yaml and samconfig.toml; with `--check` says whether the committed ones are stale. */
import { writeOrCheck } from '../contracts/generate/generated-files';
import { renderedFiles } from './rendered-files';

writeOrCheck(renderedFiles);
