import path from 'node:path';
import { toolFolder } from '../../lib/tools.mjs';

/** Run by `main.mjs` in a copy of the checkout. */
export default {
  inPlace: true,
  mutate: ['src/domain/**/*.ts', 'src/application/**/*.ts'],
  // What is computed when a module is loaded would be tried with every test.
  ignoreStatic: true,
  testRunner: 'jest',
  plugins: [path.resolve(toolFolder('mutation'), 'node_modules/@stryker-mutator/jest-runner/dist/src/index.js')],
  // Handlers are loaded by a computed name, which the search for related tests does not see.
  jest: { configFile: 'tools/mutation/jest.config.mjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  // It would ask a TypeScript older than ours to rewrite the real one.
  tsconfigFile: 'none.json',
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { logTests: false, allowColor: false },
  allowConsoleColors: false,
  thresholds: { break: 80 },
};
