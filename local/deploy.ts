import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { parse } from 'yaml';
import { APPLICATION, inEnvironment } from '../contracts/names';
import { endRunning, run } from '../lib/processes.mjs';
import { toolPython } from '../lib/tools.mjs';
import { UserError } from '../lib/user-error.mjs';
import { LOCAL_OVERRIDES } from '../template-src/samconfig';
import { CREDENTIALS, localEnvironment, REGION } from './environment';

/** The environment that a bare `sam deploy` deploys to. */
export const ENVIRONMENT = 'dev';

/** The built template, in JSON. */
export const DEPLOYED_TEMPLATE = 'template.json';

/** An address without a listener, for a build, which calls no AWS API. */
const NO_ENDPOINT = 'http://127.0.0.1:9';

const folders = new Set<string>();

/** Ends the SAM commands that are running, and removes their folders. */
export async function stopDeploying(): Promise<void> {
  await endRunning();
  removeSamFolders();
}

/** Removes every folder that SAM wrote to: builds and temporary files. */
export function removeSamFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

export interface Deployment {
  readonly outputs: Readonly<Record<string, string>>;
  /** The folder that `sam build` wrote: the template, and a folder for each function. */
  readonly build: string;
}

/** Makes a folder for SAM; {@link removeSamFolders} removes it. */
function makeFolder(): string {
  mkdirSync('.aws-sam', { recursive: true });
  const folder = path.resolve(mkdtempSync('.aws-sam/local-'));
  folders.add(folder);
  return folder;
}

/** SAM leaves a temporary folder behind for each function that it packages, and more when it is interrupted. */
const withTemporaryFolder = (env: NodeJS.ProcessEnv) => ({ ...env, TMPDIR: makeFolder() });

/**
 * Runs `sam build` on the current template. Each build has a folder of its own, so that `npm start`, the tests and a `sam build` by hand do
 * not overwrite one another.
 * @returns the build's folder
 * @throws UserError with SAM's last lines when it fails
 */
export async function buildStack(): Promise<string> {
  const build = path.join(makeFolder(), 'build');
  await runSam(['build', '--build-dir', build], withTemporaryFolder(localEnvironment(NO_ENDPOINT)));
  // A deployment parses its template seven times, and SAM parses YAML slowly.
  const template = parse(readFileSync(path.join(build, 'template.yaml'), 'utf8'));
  writeFileSync(path.join(build, DEPLOYED_TEMPLATE), JSON.stringify(template));
  return build;
}

/**
 * Builds the current template and deploys it to the emulator, both with SAM.
 * @param built the folder of an earlier build, deployed instead of a new one
 * @throws UserError with SAM's last lines when either command fails
 */
export async function buildAndDeploy(endpoint: string, built?: string): Promise<Deployment> {
  const build = built ?? (await buildStack());
  await deployBuilt(build, localEnvironment(endpoint), ['--parameter-overrides', ...LOCAL_OVERRIDES]);
  const { outputs } = await readStack(endpoint);
  return { outputs, build };
}

export async function readStack(endpoint: string) {
  const client = new CloudFormationClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const { Stacks } = await client.send(
    new DescribeStacksCommand({ StackName: inEnvironment(APPLICATION, ENVIRONMENT) }),
  );
  const { StackStatus, Outputs = [], Parameters = [] } = Stacks?.[0] ?? {};
  const outputs = Outputs.map(({ OutputKey = '', OutputValue = '' }): [string, string] => [OutputKey, OutputValue]);
  return { StackStatus, outputs: Object.fromEntries(outputs), parameters: Parameters };
}

/** Runs `sam deploy` with more options on a folder that {@link buildStack} wrote. */
export function deployBuilt(build: string, env: NodeJS.ProcessEnv, options: readonly string[]): Promise<string> {
  const template = ['--template-file', path.join(build, DEPLOYED_TEMPLATE)];
  // By default SAM looks for samconfig.toml in the template's folder.
  const config = ['--config-file', path.resolve('samconfig.toml')];
  return runSam(['deploy', ...template, ...config, ...options], withTemporaryFolder(env));
}

/**
 * Runs one SAM command.
 * @returns its stdout
 * @throws UserError with its last lines when it fails
 */
export async function runSam(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const python = toolPython('sam');
  const { code, stdout, output } = await run(python, ['-m', 'samcli', ...args], { env, quiet: true });
  if (code === 0) return stdout;
  const flags = args.findIndex((arg) => arg.startsWith('-'));
  const command = args.slice(0, flags === -1 ? args.length : flags).join(' ');
  const last = output.trim().split('\n').slice(-8).join('\n  ');
  throw new UserError(`sam ${command} failed (exit code ${code}):\n  ${last}`);
}
