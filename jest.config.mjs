import os from 'node:os';

/**
 * Projects by what their tests need: `unit` takes seconds; `thorough` tries very many cases or starts commands, and takes minutes;
 * `integration` uses the embedded AWS. Each runs the tests in these folders of `tests/` whose names end in this suffix, like
 * `version.property.test.ts`; with an empty one, those without a suffix.
 * @type {Record<string, [folders: string[], suffix: string]>}
 */
export const PROJECTS = {
  unit: [['unit', 'template'], ''],
  thorough: [['unit', 'template', 'properties'], '\\.(property|fuzz|mutation|process)'],
  integration: [['integration'], '(\\.fault|\\.dynamodb)?'],
};

/**
 * Projects that need tools which `npm test` does not install. They run only when selected: `npm test -- --selectProjects engines`.
 * @type {typeof PROJECTS}
 */
export const SELECTED_ONLY = {
  // `npm test` runs the `.dynamodb` tests on the embedded AWS; this project runs them on DynamoDB Local, if it is running.
  engines: [['template', 'integration'], process.env.DYNAMODB_LOCAL ? '\\.(engine|dynamodb)' : '\\.engine'],
  'rule-packs': [['template'], '\\.pack'],
  environments: [['unit'], '\\.clone'],
};

const selected = Object.entries(SELECTED_ONLY).filter(([name]) => process.argv.includes(name));

/** @param {[displayName: string, project: (typeof PROJECTS)[string]]} entry */
export const projectOf = ([displayName, [folders, suffix]]) => ({
  displayName,
  // Folders, not patterns from the root: the path to the checkout may contain `[` or `*`.
  ...(displayName === 'integration' && { globalSetup: '<rootDir>/tests/support/build-once.ts' }),
  roots: folders.map((folder) => `<rootDir>/tests/${folder}`),
  testRegex: `/[^/.]+${suffix}\\.test\\.ts$`,
  transform: {
    '\\.(ts|mjs)$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // These folders hold copies of package.json, which jest would report as duplicates.
  modulePathIgnorePatterns: ['/\\.aws-sam/', '/\\.tools/', '/dist/'],
});

export default {
  // Generous, for a busy machine. A test that may take longer sets its own limit.
  testTimeout: 30_000,
  // By default jest leaves one processor idle, half of a machine with two; and most tests on the embedded AWS only wait.
  maxWorkers: Math.max(4, os.availableParallelism()),
  projects: [...Object.entries(PROJECTS), ...selected].map(projectOf),
};
