/** Shells into which the output of the command is pasted. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../support/after-tests';

export const SHELLS = ['bash', 'sh', 'zsh'].filter((shell) => spawnSync(shell, ['-c', 'exit 0']).status === 0);

/** True for a shell with `$'…'`; without it, a word with a control character changes. */
export const hasEscapes = (shell: string) =>
  spawnSync(shell, ['-c', "printf %s $'a'"], { encoding: 'utf8' }).stdout === 'a';

/** Texts that have an effect in some shell, most of them by creating a file `x`. An argument cannot hold a NUL. */
export const HOSTILE = [
  '',
  '-',
  '-x',
  '--endpoint=http://127.0.0.1:9',
  'two words',
  'SHP-9`id>x`',
  'logistics-status-updater-dev/$(id>x)',
  'tuesday;id>x;.ndjson',
  'a&&id>x',
  'a|tee x',
  '>x',
  "it's",
  "';id>x;'",
  '"$(id>x)"',
  '\\',
  "\\'$(id>x)",
  'wow!x',
  "'!!'",
  '*',
  '*(e:"id>x":)',
  '{a,b}',
  '~',
  '#x',
  '=ls',
  'A=b',
  '$HOME${IFS}',
  'a\nid>x',
  'a\r\nid>x\n',
  "\n'$(id>x)'",
  '\u001b[2J`id>x`',
  '\u202e"$(id>x)"\\',
  'ü€😀%s\\101',
  '\u3164\u2800`id>x`\ufe0f',
];

/** A call of `npx`, `aws` or `sam`. */
export interface Call {
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
export function callsIn(shell: string, lines: readonly string[], folder = temporaryFolder('shell')): Call[] {
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
