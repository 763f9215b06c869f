#!/usr/bin/env node
/**
 * `npx logistics`: the operator's command, from the bundle that `npm ci` and set-up build. A bundle that is missing, or older than its
 * sources, is built again first; that needs the development packages and a checkout that can be written.
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
// The bundle has its SDK inside: a notice about what later versions of the SDK need is none of an operator's business.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
createRequire(import.meta.url)(BUNDLE);
