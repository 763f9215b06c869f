/** Command lines that are refused before AWS is called. */
import { UserError } from '../../../lib/user-error.mjs';
import { CONTROL_CHARACTERS } from '../../support/fuzz/json-text';
import { calls } from './mocked-aws';
import { run } from './run';

/** Message of the error that a command line ends with, and what commander printed about it. */
const refusalOf = async (line: string, ...words: string[]): Promise<{ message: string; stderr: string }> =>
  run(line, ...words).then(
    () => Promise.reject(new Error(`accepted: ${line}`)),
    (error) => error,
  );

const NOT_UTF8 = 'Z\uFFFDrich';
const SPAN = 'give a span like 24h or 3d, or a time like 2026-03-01T00:00:00Z.';
const ONE_OF_TWO = 'give a message or --group, one of the two';
const IDS_OR_SINCE = 'give either the ids of shipments or --since';
const FILES_ONLY = '--backfill checks files, and reads them again';

it.each<[line: string, problem: string, ...words: string[]]>([
  ['errors --since yesterday', SPAN],
  ['republish --since 2026-03-01', SPAN],
  ['list --older-than 1.5h', 'give a span like 30m, 12h, 3d or 2w.'],
  ['list --env Dev', 'give 1 to 20 lower-case letters, digits and hyphens.'],
  ['track', 'it must be 1 to 128 printable ASCII characters without spaces.', 'SHP 1007'],
  ['redrive status-updater --max 0', 'it must be a positive integer.'],
  ['discard --group 0123 --reason x', '12 hexadecimal digits.'],
  ['discard m-1 --reason', 'it is not UTF-8, or has U+FFFD.', NOT_UTF8],
  ['correct SHP-1 --status pending --reason', 'it is not UTF-8, or has U+FFFD.', NOT_UTF8],
  ['correct SHP-1 --status pending --reason x --by', 'it is not UTF-8, or has U+FFFD.', NOT_UTF8],
  ['repair m-1 --set', 'it is not UTF-8, or has U+FFFD.', `detail.name=${NOT_UTF8}`],
  ['replay --from yesterday', '--from is "yesterday": give a time like'],
  ['replay --from 2026-03-01T00:00:00Z --to 2026-03-02', '--to is "2026-03-02": give a time like'],
  ['replay --from 2026-03-02T00:00:00Z --to 2026-03-02T00:00:00Z', 'is not before --to'],
  ['redrive', 'give a function or --group'],
  ['discard --reason x', ONE_OF_TWO],
  ['discard m-1 --group 0123456789ab --reason x', ONE_OF_TWO],
  ['republish', IDS_OR_SINCE],
  ['republish A --since 1h', IDS_OR_SINCE],
  ['send --backfill -', FILES_ONLY],
  ['send --backfill --no-check package.json', FILES_ONLY],
  ['correct SHP-1001 --reason x', 'give --status, or --void with the mistaken event'],
  ['correct SHP-1001 --status pending --reason', 'say why', ' '],
  ['rebuild --from-part 129', 'there are 128 parts'],
  ['repair no-such', 'give --set or --edit, one of the two'],
  ['redact SHP-1 --event e-1', 'give a shipment_id or --event, one of the two'],
  ['list --endpoint here', '--endpoint is here: give a URL'],
  ['send --resume 3 package.json', '--resume is for a --backfill of one file'],
])('%s is refused: %s', async (line, problem, ...words) => {
  const error = await refusalOf(line, ...words);

  expect(error.message).toContain(problem);
  expect(error).toMatchObject(error instanceof UserError ? { exitCode: 2 } : { code: 'commander.invalidArgument' });
  expect(calls).toEqual([]);
});

const HOSTILE = 'a\u001b]0;owned\u0007\u202eb\n\u001b[2J';

it.each([
  ['an unknown command', HOSTILE, []],
  ['an invalid value', 'list --status', [HOSTILE]],
])('the error about %s has no control characters', async (_, line, words) => {
  const { stderr } = await refusalOf(line, ...words);

  expect(stderr).toMatch(/^error: .*a\uFFFD\]0;owned\uFFFD\uFFFDb.*\n\(--help/);
  expect(stderr).not.toMatch(CONTROL_CHARACTERS);
});

it('the error about an unknown command suggests the one with the most similar name', async () => {
  expect((await refusalOf('trakc')).stderr).toMatch(
    /^error: unknown command 'trakc' \(Did you mean track\?\)\n\(--help/,
  );
});
