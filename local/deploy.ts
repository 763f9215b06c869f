import { type ChildProcess, spawn } from 'node:child_process';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { APPLICATION, inEnvironment } from '../contracts/names';
import { endGroup } from './emulator';
import { CREDENTIALS, LOOPBACK, localEnvironment, REGION, toolPython } from './environment';
import { Trouble } from './trouble';

/** The environment that a bare `sam deploy` deploys to. */
export const ENVIRONMENT = 'dev';

const running = new Set<ChildProcess>();

/** Ends whatever SAM command is under way. */
export async function stopDeploying(): Promise<void> {
  await Promise.all([...running].map(endGroup));
}

/**
 * `sam build` and `sam deploy` of the template as it stands, against the emulator.
 * @returns the stack's outputs
 * @throws Trouble with SAM's last lines when either fails
 */
export async function buildAndDeploy(endpoint: string, host = LOOPBACK): Promise<Readonly<Record<string, string>>> {
  const env = localEnvironment(endpoint, host);
  await runSam(['build'], env);
  await runSam(['deploy'], env);
  const client = new CloudFormationClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const { Stacks } = await client.send(
    new DescribeStacksCommand({ StackName: inEnvironment(APPLICATION, ENVIRONMENT) }),
  );
  const outputs = Stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

/**
 * Runs one SAM command.
 * @returns what it printed to stdout
 * @throws Trouble with its last lines when it fails
 */
export async function runSam(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(toolPython('SAM_PYTHON'), ['-m', 'samcli', ...args], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let answer = '';
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  running.delete(child);
  if (code === 0) return answer;
  const last = output.trim().split('\n').slice(-8).join('\n  ');
  throw new Trouble(`sam ${args.join(' ')} failed (exit code ${code}):\n  ${last}`);
}
