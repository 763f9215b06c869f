import { prime } from '../handlers/notification-handler';

export { handler } from '../handlers/notification-handler';

await prime();
