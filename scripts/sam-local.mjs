/** `npm run test:sam-local`: sets the project up, then runs `sam local invoke` with every fixture. Needs Docker. */
import { runLocal } from './setup/run-local.mjs';
import { runMain } from './setup/trouble.mjs';

await runMain(() => runLocal('local/sam-local.ts'));
