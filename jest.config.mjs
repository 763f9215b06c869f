import os from 'node:os';

/**
 * Projects by how long they take: `unit` seconds; `thorough`, which tries very many cases or starts commands, minutes; `integration` has the
 * embedded AWS. Each takes from these folders of `tests/` the tests whose name has this suffix (`version.property.test.ts`), or none.
 * @type {Record<string, [folders: string[], suffix: string]>}
 */
export const PROJECTS = {
  unit: [['unit', 'template'], ''],
  thorough: [['unit', 'template', 'properties'], '\\.(property|fuzz|mutation|process)'],
  integration: [['integration'], '(\\.fault|\\.dynamodb)?'],
};

/**
 * Need what `npm test` does not set up, and run when they are named: `npm test -- --selectProjects engines`.
 * @type {typeof PROJECTS}
 */
export const WHEN_NAMED = {
  // What is stored is tested on the embedded AWS in `npm test`; here on AWS's own engine, where one runs.
  engines: [['template', 'integration'], process.env.DYNAMODB_LOCAL ? '\\.(engine|dynamodb)' : '\\.engine'],
  'rule-packs': [['template'], '\\.pack'],
  environments: [['unit'], '\\.clone'],
};

const named = Object.entries(WHEN_NAMED).filter(([name]) => process.argv.includes(name));

/** @param {[displayName: string, project: (typeof PROJECTS)[string]]} entry */
export const projectOf = ([displayName, [folders, suffix]]) => ({
  displayName,
  // Folders and not patterns from the root: what a pattern means by `[` and `*` may be in the path to the checkout.
  ...(displayName === 'integration' && { globalSetup: '<rootDir>/tests/support/build-once.ts' }),
  roots: folders.map((folder) => `<rootDir>/tests/${folder}`),
  testRegex: `/[^/.]+${suffix}\\.test\\.ts$`,
  transform: {
    '\\.(ts|mjs)$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // The tools' own folders and copies of package.json are not part of the project.
  modulePathIgnorePatterns: ['/\\.aws-sam/', '/\\.tools/', '/dist/'],
});

export default {
  // Of a busy machine: no test waits for seconds, each has its own limit where it may take longer.
  testTimeout: 30_000,
  // Jest leaves a processor free, which of two is half; and most tests on the embedded AWS wait.
  maxWorkers: Math.max(4, os.availableParallelism()),
  projects: [...Object.entries(PROJECTS), ...named].map(projectOf),
};
