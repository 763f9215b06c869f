/** Text in another encoding than UTF-8, typed or from an editor, which would be stored as another text. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../../lib/until.mjs';
import { UserError } from '../../../lib/user-error.mjs';
import { temporaryFolder } from '../../support/after-tests';
import { run } from './run';
import { type StubStack, startStubStack } from './stub-stack';

let stack: StubStack;

beforeEach(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' });
  // A new stack for each test: a failed command still reads the other queues for a moment.
  stack = await startStubStack();
  stack.fill(1);
});

/** The error of a command, with its output. */
const errorOf = (line: string, ...words: string[]) =>
  run(line, ...words, '--endpoint', stack.endpoint).then(
    () => Promise.reject(new Error('the command succeeded')),
    (error) => error,
  );

it.each([
  'discard m-1 --reason',
  'correct SHP-1 --status pending --reason',
  'correct SHP-1 --status pending --reason x --by',
  'repair m-1 --set',
])('%s refuses U+FFFD, by which Node.js replaces bytes that are not UTF-8', async (line) => {
  const { stderr } = await errorOf(line, 'detail.name=Z\uFFFDrich');

  expect(stderr).toMatch(/^error: option '--(reason|by|set) .* is invalid\. it is not UTF-8, or has U\+FFFD\.\n/);
});

describe('an edited event', () => {
  const file = path.join(temporaryFolder('encodings'), 'edited.json');
  const text = '{\n "detail": { "name": "Zürich" }\n}\n';

  it.each([
    ['Latin-1', Buffer.from(text, 'latin1'), 'the edited event is not UTF-8; if it is Latin-1'],
    ['UTF-8 behind a byte order mark', `\uFEFF${text}`, 'it would be refused as repaired: source must be a string'],
  ])('in %s is refused, and the message is released', async (_, edited, problem) => {
    writeFileSync(file, edited);
    process.env['VISUAL'] = `cp ${file}`;

    const error = await errorOf(`repair ${stack.messages[0]?.id} --edit`);

    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain(problem);
    await until(() => stack.messages.every(({ visibleAt }) => visibleAt === 0));
  });
});
