import { type Carrier, UnreadableWebhook } from './carrier';

export const easypost: Carrier = {
  verify: () => ({ valid: false, reason: 'not built yet' }),
  toEvents() {
    throw new UnreadableWebhook('payload', 'cannot be read yet');
  },
};
