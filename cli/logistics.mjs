#!/usr/bin/env node
/**
 * `npx logistics`: runs the bundle that `npm ci` and set-up build. Builds it first when it is missing or its sources have changed, which needs
 * the development packages and a writable checkout.
 */
import { createRequire } from 'node:module';
import { BUNDLE, isCurrent } from './bundle.mjs';

if (!isCurrent()) {
  const { build } = await import('./build.mjs');
  const reason = await build();
  if (reason) {
    console.error(`the operator's command cannot be built: ${reason}`);
    process.exit(1);
  }
}
// The bundle includes its SDK, so an operator need not know which Node.js later versions of the SDK require.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
createRequire(import.meta.url)(BUNDLE);
