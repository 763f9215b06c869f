/** Text that an operator types, or writes in an editor, in other encodings than UTF-8: it would be stored as something else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../../support/after-tests';
import { type StubStack, startStubStack } from './stub-stack';

const BIN = path.resolve('cli/logistics.mjs');
const folder = temporaryFolder('encodings');

let stack: StubStack;

beforeAll(async () => {
  stack = await startStubStack();
});

beforeEach(() => {
  stack.clear();
  stack.fill(1);
});

async function type(line: string) {
  const child = spawn('bash', ['-c', `logistics() { "${process.execPath}" "${BIN}" "$@"; }\n${line}`], {
    cwd: folder,
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: stack.endpoint,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      ID: stack.messages[0]?.id,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const [code] = await once(child, 'close');
  return { code, stderr };
}

it.each([
  'discard $ID --reason $LATIN1',
  'correct SHP-1 --status pending --reason $LATIN1',
  'correct SHP-1 --status pending --reason x --by $LATIN1',
  'repair $ID --set detail.name=$LATIN1',
])('%s is refused', async (line) => {
  const { code, stderr } = await type(`LATIN1=$'Z\\xfcrich'; logistics ${line}`);

  expect(stderr).toMatch(/^error: option '--(reason|by|set) .* is invalid\. it is not UTF-8, or has U\+FFFD\.\n/);
  expect(code).toBe(2);
});

describe('the event that the editor leaves', () => {
  const edit = (edited: Buffer | string) => {
    writeFileSync(path.join(folder, 'edited.json'), edited);
    return type('EDITOR="cp edited.json" logistics repair $ID --edit');
  };
  const text = '{\n "detail": { "name": "Zürich" }\n}\n';

  it.each([
    ['Latin-1', Buffer.from(text, 'latin1'), 'is not UTF-8; if it is Latin-1'],
    ['UTF-16', Buffer.from(text, 'utf16le'), 'is UTF-16'],
    ['gzip', gzipSync(text), 'is compressed by gzip'],
  ])('in %s is refused', async (_, bytes, said) => {
    const { code, stderr } = await edit(bytes);

    expect(stderr).toContain(`the edited event ${said}`);
    expect(code).toBe(1);
  });

  it.each([text, `\uFEFF${text}`])('in UTF-8 is taken: %j', async (utf8) => {
    expect((await edit(utf8)).stderr).toContain('it would be refused as repaired: source must be a string\n');
  });
});

it.each([
  ['EDITOR=rm', /^the event cannot be edited: ENOENT: .*\n$/m],
  ['TMPDIR=/absent', /^no temporary folder: ENOENT: .*; TMPDIR names another place\n$/m],
])('without a file to edit (%s) it ends in one line', async (setting, said) => {
  const { code, stderr } = await type(`${setting} logistics repair $ID --edit`);

  expect(stderr).toMatch(said);
  expect(stderr).not.toContain('    at ');
  expect(code).toBe(1);
});
