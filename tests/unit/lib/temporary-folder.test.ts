import os from 'node:os';
import path from 'node:path';
import { makeTemporaryFolder } from '../../../lib/temporary-folder.mjs';
import { UserError } from '../../../lib/user-error.mjs';
import { temporaryFolder } from '../../support/after-tests';

const parent = temporaryFolder('parent');

const tmpdir = jest.spyOn(os, 'tmpdir');

it.each([
  [path.join(parent, 'absent'), 0, /^no temporary folder: ENOENT: .*; set TMPDIR to another folder$/],
  [
    parent,
    1e9,
    /^no temporary folder: \S+ has \d+ MB free, and 1000000000 MB are needed; set TMPDIR to another folder$/,
  ],
])('reports why it cannot create one in %s with %d MB to write', (system, megabytes, message) => {
  tmpdir.mockReturnValue(system);

  expect(() => makeTemporaryFolder('of-ours-', megabytes)).toThrow(UserError);
  expect(() => makeTemporaryFolder('of-ours-', megabytes)).toThrow(message);
});
