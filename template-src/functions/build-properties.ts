import path from 'node:path';
import type { FunctionKey } from '../../contracts/functions';
import { functionIds } from '../logical-ids';

/**
 * Parts of the SDK that load on demand and that no function needs: event streams, and all sources of credentials but the environment
 * variables, which Lambda, `sam local` and the embedded AWS set. They would be most of a bundle. Lambda's own copy of the SDK has them.
 */
const NEVER_IMPORTED = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@aws-sdk/nested-clients',
  '@aws-sdk/token-providers',
  '@smithy/core/event-streams',
  '@smithy/credential-provider-imds',
];

/** Path of a function's bundle in the folder that `sam build` wrote. */
export const bundleOf = (key: FunctionKey, build: string) => path.join(build, functionIds(key).function, `${key}.mjs`);

/** esbuild's flags for a function's bundle: the smaller it is, the shorter a cold start (docs/performance.md has the figures). */
export const buildProperties = (key: FunctionKey) => ({
  EntryPoints: [`entry/${key}.ts`],
  External: NEVER_IMPORTED,
  // Only an ES module can await at its top level (docs/decisions/0018).
  Format: 'esm',
  // Prefers the packages' ES modules, from which esbuild drops unused exports.
  MainFields: 'module,main',
  Minify: true,
  OutExtension: ['.js=.mjs'],
  Sourcemap: false,
  Target: 'node24',
});
