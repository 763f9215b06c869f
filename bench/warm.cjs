/**
 * A warm function: `node warm.cjs <bundle>` loads the bundle once and handles each list of events that it is sent, one after the other as
 * Lambda does; answers the milliseconds of CPU that one event took.
 */
const { handler } = require(process.argv[2]);

const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 15_000 };

process.on('message', async (events) => {
  const cpu = process.cpuUsage();
  for (const event of events) {
    const { statusCode } = await handler(event, context);
    if (statusCode !== 200) throw new Error(`the handler answered ${statusCode}`);
  }
  const { user, system } = process.cpuUsage(cpu);
  process.send((user + system) / 1_000 / events.length);
});
