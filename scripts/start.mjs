/** `npm start`: sets the project up, then runs the whole pipeline on the embedded AWS. */
import { runLocal } from './setup/run-local.mjs';

await runLocal('local/main.ts');
