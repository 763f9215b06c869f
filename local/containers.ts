/** `sam local invoke` beside `npm start`: a function in a container, with the embedded AWS instead of an account. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { toolFolder } from '../lib/tools.mjs';
import { CONTAINERS_NAME, CREDENTIALS, LOOPBACK, REGION } from './environment';
import type { LocalStack } from './stack';
import type { OnStarted } from './started';

/** How long Docker may take to answer. */
const DOCKER_TIMEOUT_MS = 5_000;

/**
 * Lets containers reach the stack, and writes what SAM needs beside the build.
 * @returns the command that invokes a function with a fixture; undefined where Docker does not run on this machine
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
    // SAM passes on the session of the caller's account.
    AWS_SESSION_TOKEN: '',
  };
  // SAM puts an account of its own into ARNs.
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
    // That of this machine, so that nothing is emulated.
    `--parameter-overrides Architecture=${os.arch() === 'arm64' ? 'arm64' : 'x86_64'}`,
    ...(isRelayed ? [`--add-host ${CONTAINERS_NAME}:${gateway}`] : []),
  ].join(' ');
}

/** The caller's SAM CLI, or that of set-up. */
function sam(): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const isInstalled = folders.some((folder) => existsSync(path.join(folder, 'sam')));
  return isInstalled ? 'sam' : `${toolFolder('sam')}/bin/python -m samcli`;
}

/** The address of this machine on the network of its containers; undefined where Docker does not run on this machine. */
function bridgeGateway(): string | undefined {
  try {
    // DOCKER_HOST, DOCKER_CONTEXT and the current context may name another machine. This reads them and connects to nothing.
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
 * Listens on the bridge and passes each connection on to the same port of loopback.
 * @returns false where the bridge is not of this machine: Docker Desktop (macOS, WSL2) has it in a virtual machine, in which the name
 * of this one resolves by itself, and leads to its loopback
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

/** SAM sets only variables that the template declares, and the template rightly declares no endpoint: this copy does. */
const withDeclared = (names: readonly string[], template: string) =>
  readFileSync(template, 'utf8').replace(
    /^( +)Variables:\n/gm,
    (line, indent: string) => `${line}${names.map((name) => `${indent}  ${name}: ''\n`).join('')}`,
  );
