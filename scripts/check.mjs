/** `npm run check`: what `npm test` asks before its tests; needs `npm ci` and nothing else. */
import { runChecks } from './setup/checks.mjs';
import { onInterrupt } from './setup/processes.mjs';
import { runMain } from './setup/trouble.mjs';

await runMain(async () => {
  onInterrupt();
  return (await runChecks()).length > 0 ? 1 : 0;
});
