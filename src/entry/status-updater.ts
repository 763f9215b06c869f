import { prime } from '../handlers/status-updater';

export { handler } from '../handlers/status-updater';

await prime();
