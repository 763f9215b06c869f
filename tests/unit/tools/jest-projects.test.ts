import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { PROJECTS, projectOf, WHEN_NAMED } from '../../../jest.config.mjs';

const projects = Object.entries({ ...PROJECTS, ...WHEN_NAMED }).map(projectOf);

const projectsOf = (test: string) =>
  projects.filter(
    ({ roots, testRegex }) =>
      roots.some((root) => path.join('<rootDir>', test).startsWith(`${root}/`)) && new RegExp(testRegex).test(test),
  );

it('each test belongs to one project: a name that none picks would never run', () => {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'tests'], { encoding: 'utf8' });
  const tests = files.split('\n').filter((file) => file.endsWith('.test.ts'));
  expect(tests.length).toBeGreaterThan(100);
  expect(tests.filter((test) => projectsOf(test).length !== 1)).toEqual([]);
});
