/**
 * A Lambda execution environment whose clock can be moved. It loads a built handler, runs it for each message
 * `{event, requestId, clockOffset, timeout}` (times in milliseconds) and answers `{result}` or `{error: {name, message}}`. The message `{}` is
 * answered with `{}` once the handler's module, with its top-level awaits, is loaded.
 */
const { pathToFileURL } = require('node:url');

const bundle = process.argv[2];
const loading = bundle.endsWith('.mjs') ? import(pathToFileURL(bundle).href) : Promise.resolve(require(bundle));

const now = Date.now;

process.on('message', async ({ event, requestId, clockOffset, timeout }) => {
  const { handler } = await loading;
  if (requestId === undefined) return process.send({});
  Date.now = () => now() + clockOffset;
  const end = now() + timeout;
  const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => Math.max(0, end - now()) };
  try {
    process.send({ result: await handler(event, context) });
  } catch (error) {
    process.send({ error: { name: error?.name, message: String(error?.message) } });
  }
});
