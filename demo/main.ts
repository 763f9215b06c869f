/** `npm start`: deploys the stack to an embedded AWS, sends the samples and serves the page. */

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
  // Deploys the current definitions.
  writeOrCheck({ files: renderedFiles });
  const proxy = new FaultProxy();
  onStarted(async () => proxy.close());
  // The functions call AWS through the proxy, so that the page's shuffle can kill one.
  const settings = once ? {} : killableFunctions(await proxy.listen());
  const stack = await startLocalStack(port, console.log, onStarted, settings);
  proxy.forwardTo(stack.endpoint);
  console.log("putting the sample events on the bus and posting carriers' webhooks");
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
  // The emulator is another process; this one waits for the signal.
  return new Promise(() => setInterval(() => undefined, 60_000));
}

// An interrupt is a success only once everything is up.
runCommand(main, () => (isUp ? 0 : 130));
