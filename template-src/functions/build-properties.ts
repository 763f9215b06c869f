import path from 'node:path';
import type { FunctionKey } from '../../contracts/functions';
import { functionIds } from '../logical-ids';

/**
 * Parts of the SDK that it imports only when asked for, and that no function asks for: other sources of credentials than the
 * environment variables, which are what Lambda (with Node), `sam local` and the embedded AWS give; and streams of events.
 * They are most of what a client brings. Lambda's own copy of the SDK has them, should they ever be asked for there.
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

/** Where `sam build` puts a function's bundle, in the folder that it builds into. */
export const bundleOf = (key: FunctionKey, build: string) => path.join(build, functionIds(key).function, `${key}.mjs`);

/** How SAM has esbuild bundle a function, each property a flag of esbuild's: the less there is to load, the shorter a cold start (docs/performance.md has the figures). */
export const buildProperties = (key: FunctionKey) => ({
  EntryPoints: [`entry/${key}.ts`],
  External: NEVER_IMPORTED,
  // Lambda's runtime waits for what an ES module awaits at its top level (docs/decisions/0018).
  Format: 'esm',
  // The packages' ES modules: esbuild leaves out exports that are not imported.
  MainFields: 'module,main',
  Minify: true,
  OutExtension: ['.js=.mjs'],
  Sourcemap: false,
  Target: 'node24',
});
