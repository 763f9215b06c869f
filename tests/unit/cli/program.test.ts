/** What the command says of a wrong command line, which it repeats. */
import { register as list } from '../../../cli/commands/list';
import { register as track } from '../../../cli/commands/track';
import type { Register } from '../../../cli/program';
import { CONTROL_CHARACTERS } from '../../support/fuzz/json-text';
import { run } from './run';

const STEERS = 'a\u001b]0;owned\u0007\u202eb\n\u001b[2J';

const register: Register = (program) => {
  list(program);
  track(program);
};

const refusedWith = async (...args: string[]): Promise<string> =>
  (await run(register, ...args).catch((error) => error)).stderr;

it.each([
  ['a command', [STEERS]],
  ['an option', ['track', `--${STEERS}`]],
  ['an option of all commands', [`--${STEERS}`, 'track', 'SHP-1']],
  ['a value', ['--env', STEERS, 'track', 'SHP-1']],
  ['a value of one of several', ['list', '--status', STEERS]],
])('shows no control characters of %s that it refuses', async (_, args) => {
  const stderr = await refusedWith(...args);

  expect(stderr).toMatch(/^error: .*a\uFFFD\]0;owned\uFFFD\uFFFDb.*\n\(--help/);
  expect(stderr).not.toMatch(CONTROL_CHARACTERS);
});

it('suggests the command that is spelled most alike', async () => {
  expect(await refusedWith('trakc')).toMatch(/^error: unknown command 'trakc' \(Did you mean track\?\)\n\(--help/);
});
