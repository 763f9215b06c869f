/** Loaded into a function's process by `node --require`: an answer with the header that DIES_AT_HEADER names ends it there and then. */
const { subscribe } = require('node:diagnostics_channel');

const header = process.env.DIES_AT_HEADER;

// Published before the function's own code sees the answer: what was asked is done, and its outcome is lost.
subscribe('http.client.response.finish', ({ response }) => {
  if (header && response.headers[header]) process.kill(process.pid, 'SIGKILL');
});
