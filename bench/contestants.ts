/** Contestants: this project's functions as `sam build` makes them, and the baselines. */
import { cpSync, statSync } from 'node:fs';
import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { ENVIRONMENT_VARIABLES } from '../contracts/environment';
import { FUNCTION_KEYS, type FunctionKey } from '../contracts/functions';
import { toolFolder } from '../lib/tools.mjs';
import { runSam } from '../local/deploy';
import { CREDENTIALS, localEnvironment } from '../local/environment';
import { bundleOf } from '../template-src/functions/build-properties';
import type { Stub } from './stub/start';

export interface Contestant {
  readonly name: string;
  readonly file: string;
}

export const kilobytes = ({ file }: Contestant) => Math.round(statSync(file).size / 1_000);

/** Builds the functions by `sam build` into the folder. */
export async function buildFunctions(folder: string): Promise<Record<FunctionKey, Contestant>> {
  const target = path.join(folder, 'functions');
  await runSam(['build', '--build-dir', target], { ...localEnvironment('http://127.0.0.1'), TMPDIR: folder });
  const entries = FUNCTION_KEYS.map((key) => [key, { name: key, file: bundleOf(key, target) }]);
  return Object.fromEntries(entries);
}

/** SAM's settings of esbuild for a template with `BuildMethod: esbuild` alone. */
const SAM_DEFAULTS: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'es2020',
  minify: true,
  logLevel: 'error',
};

export type Baseline = 'raw' | 'sdk' | 'full';

/** Bundles the baselines with SAM's defaults: hand-signed requests, the SDK alone, and the usual full set. */
export async function buildBaselines(folder: string): Promise<Record<Baseline, Contestant>> {
  const tools = path.resolve(toolFolder('bench'));
  // Copied to the benchmark's packages, so that imports resolve to them.
  cpSync('bench/baselines', path.join(tools, 'baselines'), { recursive: true });
  const make = async (baseline: Baseline, name: string): Promise<Contestant> => {
    const file = path.join(folder, `${baseline}.js`);
    await build({ ...SAM_DEFAULTS, entryPoints: [path.join(tools, 'baselines', `${baseline}.mjs`)], outfile: file });
    return { name, file };
  };
  return {
    raw: await make('raw', 'raw node:https, signed by hand'),
    sdk: await make('sdk', 'SDK, two clients, SAM defaults'),
    full: await make('full', 'usual full set, SAM defaults'),
  };
}

/** Environment of a function on Lambda, with a stub for AWS. A stub with TLS has a certificate. */
export function lambdaEnvironment({
  endpoint,
  certificate,
}: Pick<Stub, 'endpoint'> & Partial<Stub>): NodeJS.ProcessEnv {
  const own = new Set(Object.values(ENVIRONMENT_VARIABLES).flat());
  return {
    ...Object.fromEntries([...own].map((name) => [name, name.endsWith('_ARN') ? 'arn:aws:sns:us-east-1:1:t' : name])),
    EVENT_RETENTION_DAYS: '0',
    PATH: '/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...(certificate && { NODE_EXTRA_CA_CERTS: certificate }),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN: 'bench'.repeat(80),
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    LAMBDA_TASK_ROOT: '/var/task',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    _X_AMZN_TRACE_ID: 'Root=1-65a00000-000000000000000000000000;Parent=0000000000000000;Sampled=0',
  };
}
