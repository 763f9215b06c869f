/** Errors that repeat a wrong command line. */
import { CONTROL_CHARACTERS } from '../../support/fuzz/json-text';
import { run } from './run';

const stderrOf = async (line: string, ...words: string[]): Promise<string> =>
  (await run(line, ...words).catch((error) => error)).stderr;

const HOSTILE = 'a\u001b]0;owned\u0007\u202eb\n\u001b[2J';

it.each([
  ['an unknown command', HOSTILE, []],
  ['an invalid value', 'list --status', [HOSTILE]],
])('prints no control characters of %s', async (_, line, words) => {
  const stderr = await stderrOf(line, ...words);

  expect(stderr).toMatch(/^error: .*a\uFFFD\]0;owned\uFFFD\uFFFDb.*\n\(--help/);
  expect(stderr).not.toMatch(CONTROL_CHARACTERS);
});

it('suggests the command with the most similar name', async () => {
  expect(await stderrOf('trakc')).toMatch(/^error: unknown command 'trakc' \(Did you mean track\?\)\n\(--help/);
});
