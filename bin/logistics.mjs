#!/usr/bin/env node
/** `npx logistics`: the operator's command, run from a checkout after `npm ci`. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
if (!existsSync(path.join(root, 'node_modules/esbuild'))) {
  console.error(`the packages are not installed: run \`npm ci\` in ${root} first`);
  process.exit(1);
}
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.argv.splice(2, 0, path.join(root, 'cli/main.ts'));
await import('../scripts/ts.mjs');
