/** `npm run test:page`: sets the project up, then uses the page of `npm start` in a real Chromium, as a person does. */
import { runLocal } from './setup/run-local.mjs';
import { runMain } from './setup/trouble.mjs';

await runMain(() => runLocal('tests/page/main.ts'));
