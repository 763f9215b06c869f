/** Texts for operators, pasted into shells: nothing foreign runs, and an argument arrives as it was sent. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { register as errors } from '../../../cli/commands/errors';
import { register as list } from '../../../cli/commands/list';
import { register as queues } from '../../../cli/commands/queues';
import { register as redrive } from '../../../cli/commands/redrive';
import { register as send } from '../../../cli/commands/send';
import { register as track } from '../../../cli/commands/track';
import { targetOf } from '../../../cli/target/target';
import { shellWord, withInertIds } from '../../../contracts/shell';
import { alarmDefinitions } from '../../../template-src/monitoring/alarms';
import { temporaryFolder } from '../../support/after-tests';
import { hostileJson, hostileText } from '../../support/fuzz/json-text';
import { bus, db, sqs } from './mocked-aws';
import { run } from './run';
import { callsIn, HOSTILE, hasEscapes, SHELLS } from './shells';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}\u2800]/u;

/** Those that arrive unchanged in a shell. */
const kept = (shell: string, texts: readonly string[]) =>
  hasEscapes(shell) ? texts : texts.map((text) => (UNSEEN.test(text) ? expect.any(String) : text));

it('finds bash and sh to paste into', () => expect(SHELLS).toEqual(expect.arrayContaining(['bash', 'sh'])));

describe.each(SHELLS)('pasted into %s', (shell) => {
  const argumentsIn = (lines: readonly string[]) => callsIn(shell, lines).map(({ args }) => args);

  it('an id without quotes runs, and the stub shows it', () => {
    expect(() => callsIn(shell, ['npx SHP-9`id>x`'])).toThrow('made x');
  });

  it('a word arrives as it was, whatever it is', () => {
    const random = fc.sample(hostileText, { seed: 7, numRuns: 1_000 });
    const words = [...HOSTILE, ...random.map((text) => text.replaceAll('\0', '').toWellFormed())];

    expect(argumentsIn([`npx ${words.map(shellWord).join(' ')}`])).toEqual([kept(shell, words)]);
  });

  it('a command has profile, region, endpoint and ids as they are', () => {
    for (const text of HOSTILE) {
      const { command, aws, sam } = targetOf({ env: 'dev' }, { profile: text, region: text, endpoint: text });
      const [id] = kept(shell, [text]);
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
    { line: 'list --status failed', register: list },
    { line: 'track SHP-1', register: track },
    { line: 'errors', register: errors },
    { line: 'queues status-updater', register: queues },
    { line: 'redrive status-updater --dry-run', register: redrive },
  ])('a row of $line has ids as they are', async ({ line, register }) => {
    // DynamoDB has no empty keys.
    const ids = HOSTILE.filter(Boolean);
    const rows = ids.map((id) => ({ shipment_id: id, event_id: id, error_id: id, status: 'failed', timestamp: 1 }));
    const Items = rows.map((row) => marshall({ ...row, last_seen_at: 'then', error_message: 'why' }));
    const events = ids.map((id) => ({ id, 'detail-type': 'Shipment Status Updated', detail: { shipment_id: id } }));
    const Messages = events.map((event, index) => ({ MessageId: `m-${index}`, Body: JSON.stringify(event) }));
    db.on(QueryCommand).resolves({ Items }).on(ScanCommand).resolves({ Items });
    sqs.on(ReceiveMessageCommand).resolvesOnce({ Messages }).resolves({});

    const { stdout } = await run(register, ...line.split(' '));

    const lines = stdout.trimEnd().split('\n').slice(-ids.length);
    const calls = argumentsIn(lines.map((line) => `npx ${line}`));
    expect(calls).toHaveLength(ids.length);
    // Of a failed event, an id that the contracts do not take is not shown.
    const shown = /queues|redrive/.test(line) ? ids.filter((id) => /^[!-~]+$/.test(id)) : ids;
    for (const id of kept(shell, shown)) expect(calls.flat()).toContainEqual(id);
  });

  it.each(HOSTILE.filter((name) => name !== '' && name !== '-' && !name.includes('/')))(
    'send goes on with the file %j',
    async (name) => {
      const folder = temporaryFolder('send');
      const detail = { error_type: 'a', error_message: 'b' };
      const event = JSON.stringify({ source: 'logistics.error', 'detail-type': 'Critical Error', detail });
      writeFileSync(path.join(folder, name), event);
      bus.on(PutEventsCommand).rejects(new Error('hang up'));
      const cwd = process.cwd();
      process.chdir(folder);
      const failed = await run(send, 'send', '--', name).catch((error) => error);
      process.chdir(cwd);

      const [, line] = /from there: (.*)\n/.exec(failed.stderr) ?? [];

      expect(callsIn(shell, [line ?? ''], folder)).toEqual([
        {
          args: ['--no-install', 'logistics', 'send', '-', '--region', 'us-east-1'],
          input: kept(shell, [name])[0] === name ? event : '',
        },
      ]);
    },
  );

  it('an id out of JSON runs nothing, with its quotes or without them', () => {
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

  it('the command of an alarm runs nothing but itself, with its placeholders', () => {
    const lines = Object.values(alarmDefinitions).map(({ command }) =>
      command.replace('${EnvironmentSuffix}', '{env}'),
    );

    expect(argumentsIn(lines)).toEqual(lines.map((line) => line.split(' ').slice(1)));
  });
});

it('a word shows what a terminal does not as an escape', () => {
  for (const unseen of '\u3164\u2800\ufe0f\u115f\u034f\u{e0100}\u00ad\u200d') {
    const word = shellWord(`SHP${unseen}1`);

    expect(word).toMatch(/^\$'SHP(\\\d{3})+1'$/);
    expect(callsIn('bash', [`npx ${word}`])).toEqual([{ args: [`SHP${unseen}1`], input: '' }]);
  }
});

it('a word of other scripts and emoji stays readable', () => {
  expect(shellWord('発送 ü 👍🏽')).toBe("'発送 ü 👍🏽'");
});

it('JSON with inert ids has the same value, whatever it holds', () => {
  fc.assert(
    fc.property(hostileJson, (json) => {
      const text = JSON.stringify(JSON.parse(json), null, 2);
      expect(JSON.stringify(JSON.parse(withInertIds(text)), null, 2)).toBe(text);
    }),
    { seed: 7, numRuns: 1_000 },
  );
});
