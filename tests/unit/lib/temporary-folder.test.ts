import { rmdirSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeTemporaryFolder } from '../../../lib/temporary-folder.mjs';
import { UserError } from '../../../lib/user-error.mjs';
import { temporaryFolder } from '../../support/after-tests';

const place = temporaryFolder('place');

const tmpdir = jest.spyOn(os, 'tmpdir');

it('is made where there is room', () => {
  tmpdir.mockReturnValue(place);

  const folder = makeTemporaryFolder('of-ours-', 1);

  expect(path.relative(place, folder)).toMatch(/^of-ours-\w+$/);
  expect(statSync(folder).isDirectory()).toBe(true);
  rmdirSync(folder);
});

it.each([
  [path.join(place, 'absent'), 0, /^no temporary folder: ENOENT: .*; TMPDIR names another place$/],
  [place, 1e9, /^no temporary folder: \S+ has \d+ MB free, and 1000000000 MB are needed; TMPDIR names another place$/],
])('is refused in %s with %d MB to write', (where, megabytes, said) => {
  tmpdir.mockReturnValue(where);

  expect(() => makeTemporaryFolder('of-ours-', megabytes)).toThrow(UserError);
  expect(() => makeTemporaryFolder('of-ours-', megabytes)).toThrow(said);
});
