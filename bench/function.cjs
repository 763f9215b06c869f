/**
 * A function's process: `node function.cjs <bundle>` loads the bundle as Lambda's runtime does, top-level awaits included. It handles each
 * list of events that it receives, one by one, and replies with the duration of loading, the duration of each event, and the average CPU
 * time of an event, all in milliseconds.
 */
const { pathToFileURL } = require('node:url');

const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 15_000 };

async function load(bundle) {
  // Lambda's runtime has opened its output before it loads a function.
  console.log('START');
  const begin = performance.now();
  const { handler } = bundle.endsWith('.mjs') ? await import(pathToFileURL(bundle).href) : require(bundle);
  return { handler, init: performance.now() - begin };
}

const loaded = load(process.argv[2]);

process.on('message', async (events) => {
  const { handler, init } = await loaded;
  const durations = [];
  const before = process.cpuUsage();
  for (const event of events) {
    const begin = performance.now();
    const { statusCode } = await handler(event, context);
    durations.push(performance.now() - begin);
    if (statusCode !== 200) throw new Error(`the handler answered ${statusCode}`);
  }
  const { user, system } = process.cpuUsage(before);
  process.send({ init, durations, cpu: (user + system) / 1_000 / events.length });
});
