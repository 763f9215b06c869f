import path from 'node:path';
import { toolFolder } from '../../lib/tools.mjs';

/** Run by `main.mjs` in a copy of the checkout. */
export default {
  inPlace: true,
  mutate: ['src/domain/**/*.ts', 'src/application/**/*.ts'],
  // Code that runs when a module is loaded would need every test.
  ignoreStatic: true,
  testRunner: 'jest',
  plugins: [path.resolve(toolFolder('mutation'), 'node_modules/@stryker-mutator/jest-runner/dist/src/index.js')],
  // The search for related tests does not find handlers, which are imported by a computed name.
  jest: { configFile: 'tools/mutation/jest.config.mjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  // A file that does not exist: Stryker would rewrite the real one with an older TypeScript.
  tsconfigFile: 'none.json',
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { logTests: false, allowColor: false },
  allowConsoleColors: false,
  thresholds: { break: 80 },
};
