/**
 * `sam local invoke` of every function with every fixture, against the embedded AWS. Needs Docker. Flags that a machine's Docker
 * needs are passed on to SAM: `npm run test:sam-local -- --skip-pull-image`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { ENVIRONMENT_VARIABLES } from '../contracts/environment';
import { FUNCTION_KEYS } from '../contracts/functions';
import { functionIds } from '../template-src/function-ids';
import { buildAndDeploy, ENVIRONMENT, runSam, stopDeploying } from './deploy';
import { startEmulator } from './emulator';
import { LOOPBACK, localEnvironment } from './environment';
import { type SampleEvent, sampleEvents } from './sample-events';
import { Trouble } from './trouble';

const BUILT = '.aws-sam/build/template.yaml';
const LOCAL_TEMPLATE = '.aws-sam/build/local-template.yaml';
const LOCAL_VARIABLES = '.aws-sam/build/local-variables.json';

/** Where functions in containers find this machine: Docker's own name for it, or the bridge's gateway on Linux. */
function containerGateway(): string {
  try {
    const format = '{{(index .IPAM.Config 0).Gateway}}';
    const gateway = execFileSync('docker', ['network', 'inspect', 'bridge', '--format', format], { stdio: 'pipe' })
      .toString()
      .trim();
    return os.platform() === 'linux' ? gateway : LOOPBACK;
  } catch {
    throw new Trouble(
      'Docker is not running: sam local invoke runs the functions in containers. Install and start it (docs.docker.com/get-docker), then run this again',
    );
  }
}

/** Values of every variable the functions read, as the deployed stack has them. */
function variables(outputs: Readonly<Record<string, string>>, endpoint: string) {
  const values: Record<string, string | undefined> = {
    ENVIRONMENT,
    ERROR_EVENTS_TABLE: outputs['ErrorEventsTableName'],
    SHIPMENT_EVENTS_TABLE: outputs['ShipmentEventsTableName'],
    SHIPMENTS_TABLE: outputs['ShipmentsTableName'],
    PROCESSING_TOPIC_ARN: outputs['ProcessingTopicArn'],
    ALERTS_TOPIC_ARN: outputs['AlertsTopicArn'],
    EVENT_BUS_NAME: outputs['EventBusName'],
    MAX_ATTEMPTS: '3',
    AWS_ENDPOINT_URL: endpoint,
  };
  const unset = Object.values(ENVIRONMENT_VARIABLES)
    .flat()
    .filter((name) => values[name] === undefined);
  if (unset.length > 0) throw new Error(`no local value for ${unset.join(', ')}`);
  return { Parameters: values };
}

/** SAM sets only variables that the template declares, and the template rightly declares no endpoint: this copy does. */
function declareEndpoint(): void {
  const declared = readFileSync(BUILT, 'utf8').replace(
    /^( +)Variables:\n/gm,
    '$1Variables:\n$1  AWS_ENDPOINT_URL: aws\n',
  );
  writeFileSync(LOCAL_TEMPLATE, declared);
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

async function main(): Promise<number> {
  const flags = process.argv.slice(2);
  const host = containerGateway();
  const emulator = await startEmulator(0, host);
  stops.push(emulator.stop);
  const outputs = await buildAndDeploy(emulator.endpoint, host);
  declareEndpoint();
  const inContainer = `http://host.docker.internal:${new URL(emulator.endpoint).port}`;
  writeFileSync(LOCAL_VARIABLES, JSON.stringify(variables(outputs, inContainer)));
  const env = { ...localEnvironment(emulator.endpoint, host), AWS_ENDPOINT_URL: '' };

  let failed = 0;
  const samples = sampleEvents().filter(({ key }) => key !== undefined);
  for (const sample of samples) {
    const key = sample.key ?? FUNCTION_KEYS[0];
    const architecture = os.arch() === 'arm64' ? 'arm64' : 'x86_64';
    const output = await runSam(
      [
        ...[
          'local',
          'invoke',
          functionIds(key).function,
          '--template',
          LOCAL_TEMPLATE,
          '--event',
          `events/${sample.name}.json`,
        ],
        ...['--env-vars', LOCAL_VARIABLES, '--parameter-overrides', `Architecture=${architecture}`, ...flags],
      ],
      env,
    );
    const wrong = problem(sample, output);
    if (wrong) failed += 1;
    console.log(`${wrong ? 'FAILED' : 'ok    '} sam local invoke ${sample.name}${wrong ? `: ${wrong}` : ''}`);
  }
  console.log(`${samples.length - failed} fixtures as expected, ${failed} not`);
  return failed > 0 ? 1 : 0;
}

const stops: (() => Promise<void>)[] = [stopDeploying];
const stopAll = () => Promise.all(stops.splice(0).map((stop) => stop()));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void stopAll().finally(() => process.exit(130)));
}

main()
  .catch((error: unknown) => {
    if (!(error instanceof Trouble)) throw error;
    console.error(error.message);
    return error.exitCode;
  })
  .finally(stopAll)
  .then((code) => process.exit(code));
