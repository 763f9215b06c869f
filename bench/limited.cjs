/**
 * `node limited.cjs <bundle>` loads the bundle and says so; then handles each list of events it is sent, and answers the milliseconds that
 * each took by the clock.
 */
const { handler } = require(process.argv[2]);

const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 15_000 };

process.on('message', async (events) => {
  const durations = [];
  for (const event of events) {
    const begin = performance.now();
    await handler(event, context);
    durations.push(performance.now() - begin);
  }
  process.send(durations);
});
