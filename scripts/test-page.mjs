/** `npm run test:page`: sets the project up, then uses the page of `npm start` in a real Chromium, as a person does. */
import { runLocal } from './setup/run-local.mjs';

await runLocal('tests/page/main.ts');
