/** Output pasted into shells: no foreign text runs, and each argument arrives unchanged. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { targetOf } from '../../../cli/target/target';
import { shellWord, withInertIds } from '../../../contracts/shell';
import { temporaryFolder } from '../../support/after-tests';
import { hostileJson, hostileText } from '../../support/fuzz/json-text';
import { answers, inTurn } from './mocked-aws';
import { run } from './run';

const SHELLS = ['bash', 'sh', 'zsh'].filter((shell) => spawnSync(shell, ['-c', 'exit 0']).status === 0);

/** True for a shell with `$'…'`; without it, a word with a control character changes. */
const hasEscapes = (shell: string) => spawnSync(shell, ['-c', "printf %s $'a'"], { encoding: 'utf8' }).stdout === 'a';

/** Characters with a meaning in some shell, in some place of a word. */
const SPECIAL = ' `$;&|<>()\'"\\!~#*=\n';

/** Texts that have an effect in some shell, most of them by creating a file `x`. An argument cannot hold a NUL. */
const HOSTILE = [
  '',
  '-',
  '-x',
  '--endpoint=http://127.0.0.1:9',
  ...[...SPECIAL].flatMap((character) => [`${character}x`, `a${character}x`]),
  'logistics-status-updater-dev/$(id>x)',
  "';id>x;'",
  "\\'$(id>x)",
  '*(e:"id>x":)',
  '{a,b}',
  'A=b',
  '$HOME${IFS}',
  'a\r\nid>x\n',
  "\n'$(id>x)'",
  '\u001b[2J`id>x`',
  '\u202e"$(id>x)"\\',
  'ü€😀%s\\101',
  '\u3164\u2800`id>x`\ufe0f',
];

/** A call of `npx`, `aws` or `sam`. */
interface Call {
  readonly args: readonly string[];
  /** The text piped into it, without line breaks at its end. */
  readonly input: string;
}

/** Writes the number of its arguments, each argument, and its input, each followed by a NUL. */
const STUB = '{ printf "%s\\000" "$#" "$@" "$(cat)" >>"$CALLS"; }';

/**
 * Runs lines in a shell, with stubs of `npx`, `aws` and `sam`, and with history expansion in bash, as at a prompt.
 * @returns the calls of the stubs
 * @throws when the lines create a file
 */
function callsIn(shell: string, lines: readonly string[], folder = temporaryFolder('shell')): Call[] {
  const before = readdirSync(folder);
  const beside = temporaryFolder('calls');
  const [script, calls] = [path.join(beside, 'script'), path.join(beside, 'calls')];
  const stubs = ['npx', 'aws', 'sam'].map((name) => `${name}() ${STUB}`);
  writeFileSync(script, [shell === 'bash' ? 'set -o history -o histexpand' : '', ...stubs, ...lines, ''].join('\n'));
  writeFileSync(calls, '');
  const env = { ...process.env, CALLS: calls };
  const { error } = spawnSync(shell, [script], { cwd: folder, env, stdio: 'ignore', timeout: 60_000 });
  const created = readdirSync(folder).filter((name) => !before.includes(name));
  if (error || created.length > 0)
    throw new Error(`${shell} created ${created} from: ${lines.join('\n')}`, { cause: error });
  return readCalls(readFileSync(calls, 'utf8').split('\0').slice(0, -1));
}

function readCalls([count, ...texts]: readonly string[]): Call[] {
  if (count === undefined) return [];
  const args = texts.slice(0, Number(count));
  return [{ args, input: texts[args.length] ?? '' }, ...readCalls(texts.slice(args.length + 1))];
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}\u2800]/u;

/** Texts as they arrive: a shell without `$'…'` may change those with control characters. */
const arriving = (shell: string, texts: readonly string[]) =>
  hasEscapes(shell) ? texts : texts.map((text) => (UNSEEN.test(text) ? expect.any(String) : text));

it('bash and sh are installed', () => expect(SHELLS).toEqual(expect.arrayContaining(['bash', 'sh'])));

describe.each(SHELLS)('pasted into %s', (shell) => {
  const argumentsIn = (lines: readonly string[]) => callsIn(shell, lines).map(({ args }) => args);

  it('an id without quotes runs, and callsIn throws', () => {
    expect(() => callsIn(shell, ['npx SHP-9`id>x`'])).toThrow('created x');
  });

  it('any word arrives unchanged', () => {
    const random = fc.sample(hostileText, { seed: 7, numRuns: 1_000 });
    const words = [...HOSTILE, ...random.map((text) => text.replaceAll('\0', '').toWellFormed())];

    expect(argumentsIn([`npx ${words.map(shellWord).join(' ')}`])).toEqual([arriving(shell, words)]);
  });

  it('profile, region, endpoint and ids of a suggested command arrive unchanged', () => {
    for (const text of HOSTILE) {
      const { command, aws, sam } = targetOf({ env: 'dev' }, { profile: text, region: text, endpoint: text });
      const [id] = arriving(shell, [text]);
      const options = ['--region', id, '--profile', id, '--endpoint', id];
      const isDashed = /^-./.test(text);

      expect(argumentsIn([command`errors ${text}`, aws`kms enable-key --key-id ${text}`, sam`deploy`])).toEqual([
        ['--no-install', 'logistics', 'errors', ...(isDashed ? [...options, '--', id] : [id, ...options])],
        ['kms', 'enable-key', '--key-id', id, '--region', id, '--profile', id, '--endpoint-url', id],
        ['deploy', '--region', id, '--profile', id],
      ]);
    }
  });

  it.each([
    'list --status failed',
    'track SHP-1',
    'errors',
    'queues status-updater',
    'redrive status-updater --dry-run',
  ])('ids in the rows of %s arrive unchanged', async (line) => {
    // DynamoDB has no empty keys.
    const ids = HOSTILE.filter(Boolean);
    const rows = ids.map((id) => ({ shipment_id: id, event_id: id, error_id: id, status: 'failed', timestamp: 1 }));
    const Items = rows.map((row) => marshall({ ...row, last_seen_at: 'then', error_message: 'why' }));
    const events = ids.map((id) => ({ id, 'detail-type': 'Shipment Status Updated', detail: { shipment_id: id } }));
    const Messages = events.map((event, index) => ({ MessageId: `m-${index}`, Body: JSON.stringify(event) }));
    Object.assign(answers, { Query: { Items }, Scan: { Items }, ReceiveMessage: inTurn({ Messages }, {}) });

    const { stdout } = await run(line);

    const lines = stdout.trimEnd().split('\n').slice(-ids.length);
    const calls = argumentsIn(lines.map((line) => `npx ${line}`));
    expect(calls).toHaveLength(ids.length);
    // Of failed events, only ids that the contracts accept are shown.
    const shown = /queues|redrive/.test(line) ? ids.filter((id) => /^[!-~]+$/.test(id)) : ids;
    for (const id of arriving(shell, shown)) expect(calls.flat()).toContainEqual(id);
  });

  it.each(HOSTILE.filter((name) => name !== '' && name !== '-' && !name.includes('/')))(
    'the rest of the file %j can be sent with the suggested command',
    async (name) => {
      const folder = temporaryFolder('send');
      const detail = { error_type: 'a', error_message: 'b' };
      const event = JSON.stringify({ source: 'logistics.error', 'detail-type': 'Critical Error', detail });
      writeFileSync(path.join(folder, name), event);
      answers['PutEvents'] = new Error('hang up');
      const cwd = process.cwd();
      process.chdir(folder);
      const failed = await run('send --', name).catch((error) => error);
      process.chdir(cwd);

      const [, line] = /from there: (.*)\n/.exec(failed.stderr) ?? [];

      expect(callsIn(shell, [line ?? ''], folder)).toEqual([
        {
          args: ['--no-install', 'logistics', 'send', '-', '--region', 'us-east-1'],
          input: arriving(shell, [name])[0] === name ? event : '',
        },
      ]);
    },
  );

  it('an id copied from JSON runs nothing, with or without its quotes', () => {
    for (const id of HOSTILE) {
      const json = withInertIds(JSON.stringify({ error_message: '(free text)', shipment_id: id }, null, 2));
      const [, shown = ''] = /"shipment_id": "(.*)"$/m.exec(json) ?? [];

      expect(JSON.parse(json)).toEqual({ error_message: '(free text)', shipment_id: id });
      expect(json).toContain('"(free text)"');
      expect(argumentsIn([`npx track ${shown}`, `npx track "${shown}"`]).flat()).not.toContainEqual(
        expect.stringMatching(/^-/),
      );
    }
  });
});

it('invisible characters of a word are shown as escapes', () => {
  for (const unseen of '\u3164\u2800\ufe0f\u115f\u034f\u{e0100}\u00ad\u200d') {
    const word = shellWord(`SHP${unseen}1`);

    expect(word).toMatch(/^\$'SHP(\\\d{3})+1'$/);
    expect(callsIn('bash', [`npx ${word}`])).toEqual([{ args: [`SHP${unseen}1`], input: '' }]);
  }
});

it('a word of other scripts and emoji stays readable', () => {
  expect(shellWord('発送 ü 👍🏽')).toBe("'発送 ü 👍🏽'");
});

it('any JSON has the same value with inert ids', () => {
  fc.assert(
    fc.property(hostileJson, (json) => {
      const text = JSON.stringify(JSON.parse(json), null, 2);
      expect(JSON.stringify(JSON.parse(withInertIds(text)), null, 2)).toBe(text);
    }),
    { seed: 7, numRuns: 1_000 },
  );
});
