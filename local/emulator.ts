import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { endGroup } from '../lib/processes.mjs';
import { makeTemporaryFolder } from '../lib/temporary-folder.mjs';
import { toolPython } from '../lib/tools.mjs';
import { until } from '../lib/until.mjs';
import { UserError } from '../lib/user-error.mjs';
import { getSigned } from './ask';
import { CONTAINERS_NAME, CREDENTIALS, LOOPBACK } from './environment';
import type { OnStarted } from './started';

const START_TIMEOUT_MS = 60_000;

/** For the functions' code and the log; `npm start -- --once` writes 9 MB. */
const ROOM_MB = 50;

export interface Emulator {
  readonly endpoint: string;
  /** Ends the emulator and its function processes. */
  stop(): Promise<void>;
}

interface EmulatorOptions {
  /** 0 for any free port. */
  readonly port?: number;
  /** Environment variables that override those below; functions inherit them. */
  readonly settings?: NodeJS.ProcessEnv;
}

/**
 * Starts the emulator and waits until it answers.
 * @param onStarted gets the function that stops it as soon as its process exists
 * @throws UserError when the port is taken or the emulator does not start
 */
export async function startEmulator(
  onStarted: OnStarted,
  { port = 0, settings = {} }: EmulatorOptions = {},
): Promise<Emulator> {
  const free = await freePort(port);
  const endpoint = `http://${LOOPBACK}:${free}`;
  const home = makeTemporaryFolder('logistics-local-', ROOM_MB);
  const log = path.join(home, 'emulator.log');
  const output = openSync(log, 'a');
  const child = spawn(toolPython('emulator'), [path.resolve('local/emulator/launcher.py'), home], {
    cwd: home,
    // Leads a process group, so that its function processes end with it.
    detached: true,
    // However this process ends, the pipe closes: then the emulator ends itself and removes its folder.
    stdio: ['pipe', output, output],
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      TMPDIR: home,
      BIND_HOST: LOOPBACK,
      LISTENER_HOSTS: `${LOOPBACK}:${free} ${CONTAINERS_NAME}:${free}`,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      GATEWAY_PORT: String(free),
      IOT_MTLS_ENABLED: '0',
      // Lambda pauses one and two minutes between attempts; the emulator one and two seconds.
      LAMBDA_ASYNC_RETRY_BASE_SECONDS: '1',
      PYTHONUNBUFFERED: '1',
      ...settings,
    },
  });
  const stop = async () => {
    await endGroup(child);
    rmSync(home, { recursive: true, force: true });
  };
  onStarted(stop);
  try {
    await untilHealthy(endpoint, child);
  } catch (error) {
    const lastLines = readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' | ');
    await stop();
    throw error instanceof UserError ? new UserError(`${error.message}: ${lastLines}`) : error;
  }
  return { endpoint, stop };
}

function freePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', () => reject(new UserError(`port ${port} is taken: choose another with --port, or none`)));
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

async function untilHealthy(endpoint: string, child: ChildProcess): Promise<void> {
  const isHealthy = () => {
    if (child.exitCode !== null) throw new UserError(`the emulator ended with exit code ${child.exitCode}`);
    return getSigned(`${endpoint}/_ministack/health`).catch(() => undefined);
  };
  const otherwise = () => {
    throw new UserError(`the emulator did not answer within ${START_TIMEOUT_MS / 1_000} s`);
  };
  await until(isHealthy, START_TIMEOUT_MS, { everyMs: 100, otherwise });
}
