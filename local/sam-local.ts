/**
 * `sam local invoke` of every function with every fixture, against the embedded AWS. Needs Docker. Flags that a machine's Docker
 * needs are passed on to SAM: `npm run test:sam-local -- --skip-pull-image`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FUNCTION_KEYS } from '../contracts/functions';
import { UserError } from '../lib/user-error.mjs';
import { functionIds } from '../template-src/function-ids';
import { runCommand } from './command';
import { buildAndDeploy, runSam, stopDeploying } from './deploy';
import { startEmulator } from './emulator';
import { LOOPBACK, localEnvironment } from './environment';
import { type SampleEvent, sampleEvents } from './sample-events';
import type { OnStarted } from './started';

/** The name under which SAM's containers find this machine. */
const CONTAINERS_NAME = 'host.docker.internal';

const LOCAL_TEMPLATE = 'local-template.yaml';
const LOCAL_VARIABLES = 'local-variables.json';

/** Where functions in containers find this machine: Docker's own name for it, or the bridge's gateway on Linux. */
function containerGateway(): string {
  try {
    const format = '{{(index .IPAM.Config 0).Gateway}}';
    const gateway = execFileSync('docker', ['network', 'inspect', 'bridge', '--format', format], { stdio: 'pipe' })
      .toString()
      .trim();
    return os.platform() === 'linux' ? gateway : LOOPBACK;
  } catch {
    throw new UserError(
      'Docker is not running: sam local invoke runs the functions in containers. Install and start it (docs.docker.com/get-docker), then run this again',
    );
  }
}

/** SAM sets only variables that the template declares, and the template rightly declares no endpoint: this copy does. */
function declareEndpoint(build: string): void {
  const declared = readFileSync(path.join(build, 'template.yaml'), 'utf8').replace(
    /^( +)Variables:\n/gm,
    '$1Variables:\n$1  AWS_ENDPOINT_URL: aws\n',
  );
  writeFileSync(path.join(build, LOCAL_TEMPLATE), declared);
}

/** What went wrong with one invocation; undefined when its answer is the expected one. */
function problem(sample: SampleEvent, output: string): string | undefined {
  const line = output
    .split('\n')
    .filter((text) => text.startsWith('{"statusCode"') || text.startsWith('{"errorType"'))
    .at(-1);
  if (line === undefined) return `no answer: ${output.trim().split('\n').slice(-3).join(' | ')}`;
  const answer: { statusCode?: number; errorMessage?: string } = JSON.parse(line);
  if (sample.reason === undefined) return answer.statusCode === 200 ? undefined : `failed: ${answer.errorMessage}`;
  return answer.errorMessage === sample.reason ? undefined : `expected "${sample.reason}", got ${line}`;
}

async function main(onStarted: OnStarted): Promise<number> {
  onStarted(stopDeploying);
  const flags = process.argv.slice(2);
  const host = containerGateway();
  const emulator = await startEmulator(onStarted, { host, containersName: CONTAINERS_NAME });
  const { build } = await buildAndDeploy(emulator.endpoint, host);
  declareEndpoint(build);
  const inContainer = `http://${CONTAINERS_NAME}:${new URL(emulator.endpoint).port}`;
  const variables = { Parameters: { AWS_ENDPOINT_URL: inContainer } };
  writeFileSync(path.join(build, LOCAL_VARIABLES), JSON.stringify(variables));
  const env = localEnvironment(emulator.endpoint, host);

  let failed = 0;
  const invoke = async (sample: SampleEvent) => {
    const wrong = problem(sample, await runSam([...invocationOf(sample, build), ...flags], env));
    if (wrong) failed += 1;
    console.log(`${wrong ? 'FAILED' : 'ok    '} sam local invoke ${sample.name}${wrong ? `: ${wrong}` : ''}`);
  };
  const samples = sampleEvents().filter(({ key }) => key !== undefined);
  // The valid ones first: an invalid one may conflict with them.
  await inLanes(
    samples.filter(({ reason }) => reason === undefined),
    invoke,
  );
  await inLanes(
    samples.filter(({ reason }) => reason !== undefined),
    invoke,
  );
  console.log(`${samples.length - failed} fixtures as expected, ${failed} not`);
  return failed > 0 ? 1 : 0;
}

/** Of the caller's architecture, so that nothing is emulated. */
function invocationOf({ name, key = FUNCTION_KEYS[0] }: SampleEvent, build: string): string[] {
  const architecture = os.arch() === 'arm64' ? 'arm64' : 'x86_64';
  return [
    ...['local', 'invoke', functionIds(key).function, '--event', `events/${name}.json`],
    ...['--template', path.join(build, LOCAL_TEMPLATE), '--env-vars', path.join(build, LOCAL_VARIABLES)],
    ...['--parameter-overrides', `Architecture=${architecture}`],
  ];
}

/** Works through the items, as many at a time as an invocation's start-up leaves processors for. */
async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all([lane(), lane()]);
}

runCommand(main);
