/** The main job on an embedded AWS; `npm start -- --help` says how to use it. */
import { parseArgs } from 'node:util';
import { stopDeploying } from './deploy';
import { report } from './report';
import { runSamples } from './run-samples';
import { startLocalStack } from './stack';
import { Trouble } from './trouble';

// A notice for the functions' developers, who read it in the CHANGELOG: noise to whoever wants to see events travel.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const USAGE = `npm start -- [--once] [--port N]

Builds the application, deploys it to an embedded AWS on this machine, puts the sample events on the bus and shows what happened.

  --once     exit when it has, with 1 if anything is not as expected
  --port N   the embedded AWS's port (default: any free one)
  --help     this text`;

interface Options {
  readonly once: boolean;
  readonly port: number;
}

function readOptions(): Options | undefined {
  const options = { once: { type: 'boolean' }, port: { type: 'string' }, help: { type: 'boolean' } } as const;
  let values: { once?: boolean; port?: string; help?: boolean };
  try {
    values = parseArgs({ options }).values;
  } catch (error) {
    throw new Trouble(`${error instanceof Error ? error.message : error}\n\n${USAGE}`, 2);
  }
  if (values.help) return undefined;
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Trouble(`--port is ${values.port}: give a number from 1 to 65535`, 2);
  }
  return { once: values.once ?? false, port };
}

const stops: (() => Promise<void>)[] = [stopDeploying];
let isUp = false;

async function stopAll(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    console.log('\nstopping');
    // Once everything is up, stopping is the way to end it; before that, the command did not do what it was asked.
    stopAll().finally(() => process.exit(isUp ? 0 : 130));
  });
}

async function main(): Promise<number> {
  const options = readOptions();
  if (!options) {
    console.log(USAGE);
    return 0;
  }
  const stack = await startLocalStack(options.port, console.log, (stop) => stops.push(stop));
  console.log('putting the sample events on the bus');
  const { sent, snapshot, unmet } = await runSamples(stack);
  console.log(`\n${report(snapshot)}\n`);
  for (const line of unmet) console.error(`not as expected: ${line}`);
  console.log(
    `${sent.length} events sent, ${unmet.length === 0 ? 'all as expected' : `${unmet.length} things not as expected`}`,
  );
  if (options.once) {
    await stopAll();
    return unmet.length === 0 ? 0 : 1;
  }
  isUp = true;
  console.log(`
The embedded AWS stays up at ${stack.endpoint} (region us-east-1, any credentials). In another terminal:
  npm run send -- --endpoint ${stack.endpoint} events/status-updater/in-transit.json
Stop it with Ctrl-C.`);
  // The emulator is another process: this one has nothing to do but wait for the signal.
  return new Promise(() => setInterval(() => undefined, 60_000));
}

main().then(
  (code) => process.exit(code),
  async (error: unknown) => {
    await stopAll();
    if (!(error instanceof Trouble)) throw error;
    console.error(error.message);
    process.exit(error.exitCode);
  },
);
