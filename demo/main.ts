/** The main job on an embedded AWS: what `npm start` runs once the project is set up. */

import { OPERATOR_COMMAND } from '../contracts/operator-command';
import { writeOrCheck } from '../lib/generated-files';
import { runCommand } from '../local/command';
import { samLocalInvoke } from '../local/containers';
import { CREDENTIALS, REGION } from '../local/environment';
import { FaultProxy } from '../local/faults/fault-proxy';
import { killableFunctions } from '../local/faults/killable-functions';
import { startLocalStack } from '../local/stack';
import type { OnStarted } from '../local/started';
import { renderedFiles } from '../template-src/render';
import { readOptions } from './options.mjs';
import { startPage } from './page/page';
import { report } from './report';
import { runSamples } from './run-samples';

let isUp = false;

async function main(onStarted: OnStarted): Promise<number> {
  const { once, port } = readOptions();
  // What is deployed is what the definitions say now.
  writeOrCheck({ files: renderedFiles });
  const proxy = new FaultProxy();
  onStarted(async () => proxy.close());
  // The page's shuffle kills a function: its calls go through a proxy of ours.
  const settings = once ? {} : killableFunctions(await proxy.listen());
  const stack = await startLocalStack(port, console.log, onStarted, settings);
  proxy.forwardTo(stack.endpoint);
  console.log("putting the sample events on the bus, and carriers' webhooks at their address");
  const { sent, webhooks, snapshot, unmet } = await runSamples(stack);
  console.log(`\n${report(snapshot)}\n`);
  for (const line of unmet) console.error(`not as expected: ${line}`);
  console.log(
    `${sent.length} events and ${webhooks.length} webhooks sent, ${unmet.length === 0 ? 'all as expected' : `${unmet.length} things not as expected`}`,
  );
  if (once) return unmet.length === 0 ? 0 : 1;
  const page = await startPage(stack, proxy);
  onStarted(page.close);
  const invoke = await samLocalInvoke(stack, onStarted);
  isUp = true;
  console.log(`
See it at ${page.url}

The embedded AWS stays up, for calls signed with the access key of this start. In another terminal:
  export AWS_ENDPOINT_URL=${stack.endpoint}
  export AWS_ACCESS_KEY_ID=${CREDENTIALS.accessKeyId}
  export AWS_SECRET_ACCESS_KEY=${CREDENTIALS.secretAccessKey}
  export AWS_REGION=${REGION}
  ${OPERATOR_COMMAND} track SHP-1001
  ${OPERATOR_COMMAND} send events/status-updater/in-transit.json
${invoke ? `One function in a container, with any file of events/:\n  ${invoke}` : 'For `sam local invoke` on it start Docker on this machine first.'}
Stop it with Ctrl-C.`);
  // The emulator is another process: this one has nothing to do but wait for the signal.
  return new Promise(() => setInterval(() => undefined, 60_000));
}

// Once everything is up, stopping is the way to end it; before that, the command did not do what it was asked.
runCommand(main, () => (isUp ? 0 : 130));
