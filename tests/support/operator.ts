import { spawn } from 'node:child_process';
import path from 'node:path';
import { endGroup, run } from '../../lib/processes.mjs';
import { toolPython } from '../../lib/tools.mjs';
import { localEnvironment } from '../../local/environment';
import { stopAfterTests } from './after-tests';

export type CommandEnded = Awaited<ReturnType<typeof run>>;

const BIN = path.resolve('cli/logistics.mjs');
const AWS = path.resolve('tests/support/aws.py');

/** Kills a command that hangs. */
const TIMEOUT_MS = 120_000;

const TO_ITS_END = { quiet: true, timeout: TIMEOUT_MS };

/** Shell functions: `npx logistics`, with or without `--no-install`, runs this checkout's command, and `aws` needs no AWS CLI. */
const commands = () => `npx() { [ "$1" = logistics ] || shift; shift; "${process.execPath}" "${BIN}" "$@"; }
aws() { "${toolPython('sam')}" "${AWS}" "$@"; }`;

/** Runs `npx logistics …` on an endpoint, as an operator would. @param onStarted gets a function that kills the command */
export function logistics(
  endpoint: string,
  args: readonly string[],
  onStarted: (kill: () => void) => void = () => undefined,
): Promise<CommandEnded> {
  const env = localEnvironment(endpoint);
  return run(process.execPath, [BIN, ...args, '--endpoint', endpoint], { env, onStarted, ...TO_ITS_END });
}

/** Runs a line in a shell, by default with the endpoint and its key exported. */
export function typed(
  endpoint: string,
  line: string,
  cwd = process.cwd(),
  env = localEnvironment(endpoint),
): Promise<CommandEnded> {
  return run('sh', ['-c', `${commands()}\n${line}`], { env, cwd, ...TO_ITS_END });
}

/**
 * Runs the commands that `teardown` prints to import the tables again, without the last one, which builds and deploys.
 * @throws when there are not four, or with the shell's stderr when one fails
 */
export async function importAgain(endpoint: string, shown: string): Promise<void> {
  const commands = [...shown.matchAll(/^ {2}(aws .*)$/gm)].map(([, command]) => command);
  if (commands.length !== 4) throw new Error(`expected four commands from teardown, got ${commands.length}:\n${shown}`);
  const { code, stderr } = await typed(endpoint, ['set -e', ...commands].join('\n'));
  if (code !== 0 || stderr) throw new Error(`the import ended with ${code}: ${stderr}`);
}

/** A shell that stays open until the file's tests have ended, so that blocks share variables and functions. */
interface Shell {
  /**
   * Runs a block of lines and resolves to their output.
   * @throws with the shell's stderr when one fails
   */
  type(block: string): Promise<string>;
}

const DONE = 'the block is done';

export function openShell(endpoint: string, cwd: string): Shell {
  // Leads a process group, so that its commands end with it.
  const child = spawn('sh', ['-e'], { cwd, env: localEnvironment(endpoint), timeout: TIMEOUT_MS, detached: true });
  stopAfterTests(() => endGroup(child));
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdin.write(`${commands()}\n`);
  const type = (block: string) =>
    new Promise<string>((resolve, reject) => {
      stdout = '';
      const failed = (code: number | null) => reject(new Error(`the shell ended with ${code}: ${stderr}`));
      child.once('close', failed);
      child.stdout.removeAllListeners('data').on('data', (chunk) => {
        stdout += chunk;
        if (!stdout.endsWith(`${DONE}\n`)) return;
        child.off('close', failed);
        resolve(stdout.slice(0, -DONE.length - 1));
      });
      child.stdin.write(`{\n${block}\n} </dev/null\necho "${DONE}"\n`);
    });
  return { type };
}
