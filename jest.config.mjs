import os from 'node:os';

/** What every project of ours needs. */
export const shared = {
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // The build's copies of package.json and the tools' own folders are not part of the project.
  modulePathIgnorePatterns: ['<rootDir>/.aws-sam', '<rootDir>/.tools', '<rootDir>/dist'],
};

/**
 * `unit` and `template` are the loop's: seconds. `thorough` tries very many cases, or starts commands: minutes. `setup` is about the
 * set-up itself. All of them need nothing but Node; `integration` uses the embedded AWS.
 */
export default {
  // Jest leaves a processor free, which of two is half; and most tests on the embedded AWS wait.
  maxWorkers: Math.max(3, os.availableParallelism()),
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/tests/{unit,contracts,histories}/**/*.test.ts'] },
    { ...shared, displayName: 'template', testMatch: ['<rootDir>/tests/template/**/*.test.ts'] },
    {
      ...shared,
      displayName: 'thorough',
      testMatch: ['<rootDir>/tests/{properties,mutations,hostile,commands,supply-chain}/**/*.test.ts'],
    },
    { ...shared, displayName: 'setup', testMatch: ['<rootDir>/tests/setup/**/*.test.ts'] },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/tests/{integration,local,faults,dynamodb,security}/**/*.test.ts'],
    },
  ],
};
