import os from 'node:os';

/**
 * Folders of `tests/` by how long they take: `unit` seconds; `thorough`, which tries very many cases or starts commands, minutes;
 * `integration` has the embedded AWS.
 */
const PROJECTS = {
  unit: ['unit', 'contracts', 'compatibility', 'template'],
  thorough: ['properties', 'mutations', 'fuzz', 'commands', 'supply-chain', 'setup'],
  integration: ['integration', 'local', 'faults', 'dynamodb', 'security'],
};

/** Need what `npm test` does not set up, and run when they are named: `npm test -- --selectProjects engines`. */
const WHEN_NAMED = {
  // What is stored is tested on the embedded AWS in `npm test`; here on AWS's own engine, where one runs.
  engines: ['engines', ...(process.env.DYNAMODB_LOCAL ? ['dynamodb'] : [])],
  'rule-packs': ['rule-packs'],
  environments: ['environments'],
};

const named = Object.entries(WHEN_NAMED).filter(([name]) => process.argv.includes(name));

export default {
  // Of a busy machine: no test waits for seconds, each has its own limit where it may take longer.
  testTimeout: 30_000,
  // Jest leaves a processor free, which of two is half; and most tests on the embedded AWS wait.
  maxWorkers: Math.max(3, os.availableParallelism()),
  projects: [...Object.entries(PROJECTS), ...named].map(([displayName, folders]) => ({
    displayName,
    // Folders and not patterns from the root: what a pattern means by `[` and `*` may be in the path to the checkout.
    roots: folders.map((folder) => `<rootDir>/tests/${folder}`),
    testMatch: ['**/*.test.ts'],
    transform: {
      '\\.(ts|mjs)$': [
        '@swc/jest',
        { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
      ],
    },
    // The tools' own folders and copies of package.json are not part of the project.
    modulePathIgnorePatterns: ['/\\.aws-sam/', '/\\.tools/', '/dist/'],
  })),
};
