#!/usr/bin/env node
/**
 * `npx logistics`: runs the bundle that `npm ci` and set-up build. Builds it first when it is missing or its sources have changed, which needs
 * the development packages and a writable checkout.
 */
import module from 'node:module';
import path from 'node:path';
import { BUNDLE, build, isCurrent } from './build.mjs';

if (!isCurrent()) {
  const reason = await build();
  if (reason) {
    console.error(`the operator's command cannot be built: ${reason}`);
    process.exit(1);
  }
}
// The bundle includes its SDK, so an operator need not know which Node.js later versions of the SDK require.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// Keeps the compiled bundle beside it, which saves a fifth of the time until a command begins. Node.js has this since version 22.1.
module.enableCompileCache?.(path.dirname(BUNDLE));
module.createRequire(import.meta.url)(BUNDLE);
