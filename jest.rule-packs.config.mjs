/** What others look for in a template, for `npm run check:security`. A file of its own, so that `npm test` installs no rule packs. */
import { shared } from './jest.config.mjs';

export default {
  ...shared,
  displayName: 'rule packs',
  testMatch: ['<rootDir>/tests/rule-packs/**/*.test.ts'],
};
