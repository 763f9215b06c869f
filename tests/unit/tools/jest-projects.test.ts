import path from 'node:path';
import { PROJECTS, projectOf, SELECTED_ONLY } from '../../../jest.config.mjs';
import { checkoutFiles } from '../../../tools/checkout.mjs';

const projects = Object.entries({ ...PROJECTS, ...SELECTED_ONLY }).map(projectOf);

const projectsOf = (test: string) =>
  projects.filter(
    ({ roots, testRegex }) =>
      roots.some((root) => path.join('<rootDir>', test).startsWith(`${root}/`)) && new RegExp(testRegex).test(test),
  );

it('assigns each test file to exactly one project, so that none is left out', () => {
  const tests = checkoutFiles('tests/**/*.test.ts');
  expect(tests.length).toBeGreaterThan(100);
  expect(tests.filter((test) => projectsOf(test).length !== 1)).toEqual([]);
});
