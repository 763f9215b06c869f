/** Errors that repeat a wrong command line. */
import { register as list } from '../../../cli/commands/list';
import { register as track } from '../../../cli/commands/track';
import type { Register } from '../../../cli/program';
import { CONTROL_CHARACTERS } from '../../support/fuzz/json-text';
import { run } from './run';

const HOSTILE = 'a\u001b]0;owned\u0007\u202eb\n\u001b[2J';

const register: Register = (program) => {
  list(program);
  track(program);
};

const errorOf = async (...args: string[]): Promise<string> =>
  (await run(register, ...args).catch((error) => error)).stderr;

it.each([
  ['a command', [HOSTILE]],
  ['a choice', ['list', '--status', HOSTILE]],
])('prints no control characters of %s that it refuses', async (_, args) => {
  const stderr = await errorOf(...args);

  expect(stderr).toMatch(/^error: .*a\uFFFD\]0;owned\uFFFD\uFFFDb.*\n\(--help/);
  expect(stderr).not.toMatch(CONTROL_CHARACTERS);
});

it('suggests the command with the most similar name', async () => {
  expect(await errorOf('trakc')).toMatch(/^error: unknown command 'trakc' \(Did you mean track\?\)\n\(--help/);
});
