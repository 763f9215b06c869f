import { type Carrier, UnreadableWebhook } from './carrier';

export const shippo: Carrier = {
  verify: () => ({ valid: false, reason: 'not built yet' }),
  toEvents() {
    throw new UnreadableWebhook('payload', 'cannot be read yet');
  },
};
