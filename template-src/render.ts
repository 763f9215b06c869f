/** Writes what the definitions render; with `--check` says whether the committed files are stale. */
import { writeOrCheck } from '../contracts/generate/generated-files';
import { documentsWith } from './picture/documents';
import { pictureOf } from './picture/graph';
import { mermaid } from './picture/mermaid';
import { renderedFiles } from './rendered-files';
import { template } from './template';

const { files, command } = renderedFiles;
writeOrCheck({ files: new Map([...files, ...documentsWith(mermaid(pictureOf(template)))]), command });
