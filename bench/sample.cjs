/**
 * One cold start: `node sample.cjs <bundle>` loads the bundle as Lambda does, handles the event it is sent, and answers the
 * milliseconds of both and the CPU they took. A process of its own each time, so that nothing is warm.
 */
process.once('message', async (event) => {
  // Lambda's runtime has its output ready before it loads a function.
  console.log('START');
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const { handler } = require(process.argv[2]);
  const loaded = performance.now();
  const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 15_000 };
  const { statusCode } = await handler(event, context);
  const handled = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  if (statusCode !== 200) throw new Error(`the handler answered ${statusCode}`);
  process.send({ init: loaded - begin, first: handled - loaded, cpu: (user + system) / 1_000 }, () => process.exit());
});
