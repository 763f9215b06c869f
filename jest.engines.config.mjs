/** What AWS itself wrote, for `npm run test:aws-engines`. A file of its own, so that `npm test` never needs Java. */
import { shared } from './jest.config.mjs';

/** The tests of what is stored run on the embedded AWS in `npm test`; here on AWS's own engine, if somebody runs one. */
const onDynamoDbLocal = process.env.DYNAMODB_LOCAL ? ['<rootDir>/tests/dynamodb/**/*.test.ts'] : [];

export default {
  ...shared,
  displayName: 'engines',
  testMatch: ['<rootDir>/tests/engines/**/*.test.ts', ...onDynamoDbLocal],
};
