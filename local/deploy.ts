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

/** A build asks nothing of AWS. */
const NO_ENDPOINT = 'http://127.0.0.1:9';

const folders = new Set<string>();

/** Ends whatever SAM command is under way, and removes what was built. */
export async function stopDeploying(): Promise<void> {
  await endRunning();
  removeBuilt();
}

/** Removes what was built. */
export function removeBuilt(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

export interface Deployment {
  readonly outputs: Readonly<Record<string, string>>;
  /** Output of `sam build`: the template, and a folder for each function. */
  readonly build: string;
}

/** A folder of this process's own; {@link removeBuilt} removes it. */
function ownFolder(): string {
  mkdirSync('.aws-sam', { recursive: true });
  const folder = path.resolve(mkdtempSync('.aws-sam/local-'));
  folders.add(folder);
  return folder;
}

/** SAM leaves temporary folders behind, more when it is interrupted. */
const environmentFor = (endpoint: string) => ({ ...localEnvironment(endpoint), TMPDIR: ownFolder() });

/**
 * `sam build` of the template as it stands, into a folder of its own, so that `npm start`, the tests and a `sam build` by hand do not meet.
 * @returns the folder of its output
 * @throws UserError with SAM's last lines when it fails
 */
export async function buildStack(): Promise<string> {
  const build = path.join(ownFolder(), 'build');
  await runSam(['build', '--build-dir', build], environmentFor(NO_ENDPOINT));
  // A deployment reads its template seven times, and SAM reads YAML slowly.
  const template = parse(readFileSync(path.join(build, 'template.yaml'), 'utf8'));
  writeFileSync(path.join(build, DEPLOYED_TEMPLATE), JSON.stringify(template));
  return build;
}

/**
 * `sam build` and `sam deploy` of the template as it stands, against the emulator.
 * @param built output of a `sam build`, which is deployed in place of another one
 * @throws UserError with SAM's last lines when either fails
 */
export async function buildAndDeploy(endpoint: string, built?: string): Promise<Deployment> {
  const build = built ?? (await buildStack());
  await deployBuilt(build, environmentFor(endpoint), ['--parameter-overrides', ...LOCAL_OVERRIDES]);
  const { outputs } = await readStack(endpoint);
  return { outputs, build };
}

/** The state of the stack and its outputs. */
export async function readStack(endpoint: string) {
  const client = new CloudFormationClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const { Stacks } = await client.send(
    new DescribeStacksCommand({ StackName: inEnvironment(APPLICATION, ENVIRONMENT) }),
  );
  const { StackStatus, Outputs = [] } = Stacks?.[0] ?? {};
  const outputs = Outputs.map(({ OutputKey = '', OutputValue = '' }): [string, string] => [OutputKey, OutputValue]);
  return { StackStatus, outputs: Object.fromEntries(outputs) };
}

/** `sam deploy` of what {@link buildStack} built, with options that one gives for this once. */
export function deployBuilt(build: string, env: NodeJS.ProcessEnv, options: readonly string[] = []): Promise<string> {
  const template = ['--template-file', path.join(build, DEPLOYED_TEMPLATE)];
  // SAM looks for its settings beside the template.
  return runSam(['deploy', ...template, '--config-file', path.resolve('samconfig.toml'), ...options], env);
}

/**
 * Runs one SAM command.
 * @returns what it printed to stdout
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
