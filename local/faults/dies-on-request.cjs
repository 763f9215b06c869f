/** Loaded into a function's process by `node --require`: kills it when it receives an answer with the header that DIES_AT_HEADER names. */
const { subscribe } = require('node:diagnostics_channel');

const header = process.env.DIES_AT_HEADER;

// Published before the function's code sees the answer: the call has had its effect, and its outcome is lost.
subscribe('http.client.response.finish', ({ response }) => {
  if (header && response.headers[header]) process.kill(process.pid, 'SIGKILL');
});
