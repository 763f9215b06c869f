import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** What set-up installs beside node_modules; ignored by git, safe to delete. */
export const TOOLS = path.join(ROOT, '.tools');
