/** `sam local invoke` during `npm start`: a function in a container calls the embedded AWS. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { toolFolder } from '../lib/tools.mjs';
import { CONTAINERS_NAME, CREDENTIALS, LOOPBACK, REGION } from './environment';
import type { LocalStack } from './stack';
import type { OnStarted } from './started';

const DOCKER_TIMEOUT_MS = 5_000;

/**
 * Lets containers reach the stack, and writes a template and variables for SAM into the build's folder.
 * @returns the command that invokes a function with a fixture; undefined if Docker does not run on this machine
 */
export async function samLocalInvoke(
  stack: Pick<LocalStack, 'endpoint' | 'build' | 'outputs'>,
  onStarted: OnStarted,
): Promise<string | undefined> {
  const port = Number(new URL(stack.endpoint).port);
  const gateway = bridgeGateway();
  if (!gateway) return undefined;
  const isRelayed = await relay(gateway, port, onStarted);
  const client = {
    AWS_ENDPOINT_URL: `http://${CONTAINERS_NAME}:${port}`,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    // Otherwise SAM passes the caller's own session token.
    AWS_SESSION_TOKEN: '',
  };
  // Where the template refers to a topic, SAM makes up an ARN with another account.
  const topics = {
    PROCESSING_TOPIC_ARN: stack.outputs['ProcessingTopicArn'],
    ALERTS_TOPIC_ARN: stack.outputs['AlertsTopicArn'],
  };
  const build = path.relative('', stack.build);
  const [template, values] = [`${build}/invoke.yaml`, `${build}/invoke.json`];
  writeFileSync(template, withDeclared(Object.keys(client), `${build}/template.yaml`));
  writeFileSync(values, JSON.stringify({ Parameters: { ...client, ...topics } }));
  return [
    `${sam()} local invoke StatusUpdater --event events/status-updater/in-transit.json`,
    `--template ${template} --env-vars ${values}`,
    // This machine's own, so that no processor is emulated.
    `--parameter-overrides Architecture=${os.arch() === 'arm64' ? 'arm64' : 'x86_64'}`,
    ...(isRelayed ? [`--add-host ${CONTAINERS_NAME}:${gateway}`] : []),
  ].join(' ');
}

/** The SAM CLI on the PATH, otherwise the one that set-up installed. */
function sam(): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const isInstalled = folders.some((folder) => existsSync(path.join(folder, 'sam')));
  return isInstalled ? 'sam' : `${toolFolder('sam')}/bin/python -m samcli`;
}

/** The address of this machine on Docker's bridge network; undefined if Docker does not run on this machine. */
function bridgeGateway(): string | undefined {
  try {
    // DOCKER_HOST, DOCKER_CONTEXT or the current context may name another machine. This command reads them without connecting.
    const endpoint = docker('context', 'inspect', '--format', '{{.Endpoints.docker.Host}}');
    if (!/^(?:unix|npipe):/.test(endpoint)) return undefined;
    return docker('network', 'inspect', 'bridge', '--format', '{{(index .IPAM.Config 0).Gateway}}');
  } catch {
    return undefined;
  }
}

const docker = (...args: readonly string[]) =>
  execFileSync('docker', args, {
    encoding: 'utf8',
    env: process.env,
    timeout: DOCKER_TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

/**
 * Listens on the bridge and forwards each connection to the same port of the loopback address.
 * @returns false if this machine does not own the bridge's address: Docker Desktop (macOS, WSL2) runs containers in a virtual machine, and
 * resolves {@link CONTAINERS_NAME} to this machine's loopback there
 */
function relay(gateway: string, port: number, onStarted: OnStarted): Promise<boolean> {
  const server = createServer((container) => {
    const emulator = connect(port, LOOPBACK);
    container.pipe(emulator).pipe(container);
    container.on('error', () => emulator.destroy());
    emulator.on('error', () => container.destroy());
  });
  onStarted(async () => server.close());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRNOTAVAIL' ? resolve(false) : reject(error),
    );
    server.listen(port, gateway, () => resolve(true));
  });
}

/** A template that declares these variables too: SAM sets declared ones only, and the deployed template needs no endpoint. */
const withDeclared = (names: readonly string[], template: string) =>
  readFileSync(template, 'utf8').replace(
    /^( +)Variables:\n/gm,
    (line, indent: string) => `${line}${names.map((name) => `${indent}  ${name}: ''\n`).join('')}`,
  );
