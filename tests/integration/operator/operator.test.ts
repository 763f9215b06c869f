/** The operator's commands as their users type them: every command, every documented example, every wrong one. */
import { execFile, spawn } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { runSamples } from '../../../demo/run-samples';
import { sampleEvents } from '../../../demo/sample-events';
import { until } from '../../../lib/until.mjs';
import { localEnvironment } from '../../../local/environment';
import type { LocalStack } from '../../../local/stack';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';
import { afterRetries, putIntoQueue, queueOf } from '../../support/failed-events';
import { type CommandEnded, typed } from '../../support/operator';
import { runbookCommands } from '../../support/runbook-blocks';
import { startStack } from '../../support/stack';

// Each command is a process, and some wait for a queue to prove empty; other test files run beside this one.
jest.setTimeout(60_000);

const COMMANDS = [
  'track',
  'list',
  'correct',
  'rebuild',
  'errors',
  'queues',
  'redrive',
  'discard',
  'redact',
  'repair',
  'replay',
  'send',
  'republish',
  'doctor',
  'smoke',
  'teardown',
  'conformance',
];

let stack: LocalStack;
let folder: string;
const empty = new Map<string, CommandEnded>();

const type = (line: string) => typed(stack.endpoint, line, folder);

/** Values that `--json` printed, one a line. */
async function json(line: string): Promise<Record<string, unknown>[]> {
  const { stdout } = await type(`${line} --json`);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text));
}

beforeAll(async () => {
  stack = await startStack();
  folder = temporaryFolder('operator');
  symlinkSync(path.resolve('events'), path.join(folder, 'events'));
  const tuesday = sampleEvents().filter(({ key, reason }) => key === 'status-updater' && reason === undefined);
  writeFileSync(path.join(folder, 'tuesday.ndjson'), tuesday.map(({ event }) => `${JSON.stringify(event)}\n`).join(''));

  const history = ['in_transit', 'delivered'].map((status, hour) => ({
    source: 'logistics.shipment',
    'detail-type': 'Shipment Status Updated',
    detail: { shipment_id: 'OLD-1', status, event_id: `old-${status}`, occurred_at: `2024-03-02T0${hour}:00:00Z` },
  }));
  writeFileSync(path.join(folder, 'history.ndjson'), history.map((event) => `${JSON.stringify(event)}\n`).join(''));

  for (const command of ['list', 'errors', 'queues', 'queues unrouted', 'doctor', 'track SHP-1007']) {
    empty.set(command, await type(`npx logistics ${command}`));
  }
  expect((await runSamples(stack)).unmet).toEqual([]);
}, 240_000);

describe('an empty stack', () => {
  it.each([
    ['list', 0, 'no such shipment\n'],
    ['errors', 0, 'no such error\n'],
    ['queues unrouted', 0, 'nothing was found in the queue\n'],
    ['doctor', 0, expect.stringContaining('stack/logistics-event-processor-dev/')],
    ['track SHP-1007', 1, expect.stringContaining('no event of shipment SHP-1007 was ever accepted in dev')],
  ])('%s says so', (command, code, stderr) => {
    expect(empty.get(command)).toMatchObject({ code, stderr });
  });

  it('has nothing to look at', () => {
    expect(empty.get('doctor')?.stdout).not.toMatch(/^(attention|unknown)/m);
    expect(empty.get('queues')?.stdout).toMatch(/^unrouted +0 +0 +- +-$/m);
  });
});

describe('track', () => {
  it('tells a shipment’s story in order, with what is worth knowing', async () => {
    const [shipment, ...events] = await json('npx logistics track SHP-1001');

    expect(shipment).toEqual({
      shipment_id: 'SHP-1001',
      status: 'delivered',
      since: '2026-03-04T10:12:07.431Z',
      estimated_delivery: null,
      events: 5,
    });
    // All of them are on the bus at once: which of them were handled late is another story each time.
    const notificationStateOf = (marks: unknown) => (marks as string[]).filter((mark) => mark !== 'late');
    const senders = 'from account 000000000000; this one is from account 000000000000';
    expect(events.map(({ status, marks }) => [status, notificationStateOf(marks)])).toEqual([
      ['pending', []],
      ['in_transit', ['delivery estimated 2026-03-05T14:00:00.000Z']],
      ['in_transit', []],
      ['out_for_delivery', []],
      ['delivered', ['current', expect.stringMatching(/^notified 20/)]],
      ['refused', ['conflict', expect.stringContaining(senders)]],
    ]);
    expect((await type('npx logistics track SHP-1001')).stdout).toMatch(
      /refused +nordfreight-000918273 +logistics-status-updater-dev\/\S+ +conflict, event nordfreight/,
    );
  });

  it('shows what a producer had believed', async () => {
    const { stdout } = await type('npx logistics track SHP-1005');

    expect(stdout).toMatch(/in_transit .*current, unexpected|in_transit .*current, expected out_for_delivery$/m);
  });
});

describe('list', () => {
  it('shows the stuck ones, the oldest first, and no others', async () => {
    const rows = await json('npx logistics list --status in_transit --older-than 3d');

    expect(rows.map(({ shipment_id }) => shipment_id)).toEqual(['SHP-1007', '1Z204E380338943508', 'SHP-1005']);
    expect((await type('npx logistics list --status in_transit --older-than 9999w')).stdout).toBe('');
  });
});

describe('errors', () => {
  it('shows the newest last, of one kind or since a moment', async () => {
    const all = await json('npx logistics errors --since 1h');
    const seen = all.map(({ last_seen_at }) => String(last_seen_at));

    expect(seen.length).toBeGreaterThan(10);
    expect(seen).toEqual([...seen].sort());
    expect(seen).not.toContain('undefined');
    const minutes = await json('npx logistics errors alerts');
    expect(minutes.map(({ admitted }) => Number(admitted)).reduce((sum, one) => sum + one, 0)).toBeGreaterThan(0);
    expect(await json('npx logistics errors --type conflict')).toEqual([
      expect.objectContaining({ shipment_id: 'SHP-1001', error_type: 'conflict', attempts: 3 }),
    ]);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect(await json(`npx logistics errors --since ${tomorrow}`)).toEqual([]);
  });

  it('shows one in full, with its event and that it was announced', async () => {
    const [conflict] = await json('npx logistics errors --type conflict');
    const id = String(conflict?.['error_id']);

    expect(await json(`npx logistics errors ${id}`)).toEqual([
      expect.objectContaining({
        error_id: id,
        announced: { conflict: expect.any(String) },
        event: expect.objectContaining({ detail: expect.objectContaining({ event_id: 'nordfreight-000918273' }) }),
      }),
    ]);
    const { stdout } = await type(`npx logistics errors ${id}`);
    expect(stdout).toContain('    "event_id": "nordfreight-000918273",\n');
  });
});

describe('queues and doctor', () => {
  it('say what waits, and their next command shows it', async () => {
    const unrouted = (await json('npx logistics queues')).find(({ queue }) => queue === 'unrouted');
    expect(unrouted).toMatchObject({ waiting: 1, in_flight: 0, next: 'npx --no-install logistics queues unrouted' });

    const [message] = await json(String(unrouted?.['next']));
    expect(message).toMatchObject({
      reason: 'no contract takes logistics.shipment / Shipment Status Update',
      event: { detail: { shipment_id: 'SHP-1001' } },
    });
  });

  it('look at the same queues', async () => {
    const doctor = await type('npx logistics doctor --json');

    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toContain(
      '"check":"queues","state":"attention","finding":"unrouted: 1 waiting, 0 in flight"',
    );
  });
});

describe('send', () => {
  it('puts events on the bus, and an event that its producer named is the same when it is sent again', async () => {
    const event = (id: string) =>
      JSON.stringify({
        source: 'logistics.shipment',
        'detail-type': 'Shipment Created',
        time: '2026-03-08T00:00:00Z',
        detail: { shipment_id: 'SHP-SENT', event_id: id, occurred_at: '2026-03-08T00:00:00Z' },
      });
    writeFileSync(path.join(folder, 'sent.ndjson'), `${event('sent-1')}\n${event('sent-2')}\n`);
    for (let time = 0; time < 2; time += 1) {
      const sent = await type('npx logistics send sent.ndjson');
      expect(sent).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('2 sent, 0 refused by the bus, 0 left out'),
      });
      expect(sent.stderr).toContain('account 000000000000, region us-east-1, bus logistics-events-dev');
      expect(sent.stderr).not.toContain('would be new events');
    }
    await until(async () => (await json('npx logistics track SHP-SENT'))[0]?.['events'] === 2);
  });

  it('sends nothing of a file with a wrong event, and of a pipe the right ones, and names the field', async () => {
    const event = (shipment_id: unknown) =>
      JSON.stringify({ source: 'logistics.shipment', 'detail-type': 'Shipment Created', detail: { shipment_id } });
    writeFileSync(path.join(folder, 'wrong.ndjson'), `${event('SHP-NOT')}\n${event(7)}\n`);

    expect(await type('npx logistics send wrong.ndjson')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'wrong.ndjson:2: detail.shipment_id must be a string\nnothing was sent\n',
    });
    const piped = await type('npx logistics send - --json < wrong.ndjson');
    expect(piped.code).toBe(1);
    expect(piped.stdout).toMatch(/^\{"at":"stdin:1","shipment_id":"SHP-NOT",.*"outcome":"sent"\}\n$/);
    expect(piped.stderr).toContain('stdin:2: detail.shipment_id must be a string\n');
    expect(piped.stderr).toContain('1 sent, 0 refused by the bus, 1 left out\n1 have no event_id of their own');
  });
});

describe('Ctrl-C', () => {
  it('ends a send whose input goes on, with what it has sent and 130', async () => {
    const child = spawn(process.execPath, ['cli/logistics.mjs', 'send', '-'], {
      env: localEnvironment(stack.endpoint),
    });
    stopAfterTests(async () => child.kill());
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk) => (said[name] += chunk));
    const ended = new Promise((resolve) => child.once('close', resolve));
    const event = {
      source: 'logistics.error',
      'detail-type': 'Processing Error',
      detail: { error_type: 'test', error_message: 'x' },
    };
    child.stdin.write(`${JSON.stringify(event)}\n`.repeat(12));
    await until(() => said.stdout.includes('stdin:10'));

    child.kill('SIGINT');

    expect(await ended).toBe(130);
    expect(said.stderr).toContain(
      'ended before stdin:11; the rest: from its line 11 on\n10 sent, 0 refused by the bus, 0 left out',
    );
  });
});

describe('a wrong command', () => {
  it.each([
    ['track "SHP 1"', 2, "value 'SHP 1' is invalid for argument 'shipment'"],
    ['track SHP-404', 1, 'no event of shipment SHP-404 was ever accepted in dev'],
    ['list --status lost', 2, 'Allowed choices are pending, in_transit'],
    ['correct SHP-1001 --reason x', 2, 'give --status, or --void with the mistaken event'],
    ['correct SHP-1001 --void no-such --reason x', 1, 'the shipment has no event no-such in the log'],
    ['correct SHP-1001 --status pending --reason " "', 2, 'say why'],
    ['rebuild --from-part 129', 2, 'there are 128 parts'],
    ['errors no/such', 1, 'no error no/such: `npx --no-install logistics errors` lists them'],
    ['discard no-such --reason x', 1, 'no queue has a message no-such'],
    ['discard no-such', 2, "required option '--reason <text>' not specified"],
    ['repair no-such', 2, 'give --set or --edit, one of the two'],
    ['redact SHP-1 --event e-1', 2, 'give a shipment_id or --event, one of the two'],
    ['send nothing.json', 1, 'nothing.json cannot be read: there is no such file'],
    ['send events', 1, 'events is a folder: give its files'],
    ['fly', 2, "unknown command 'fly'"],
    ['doctor --env nowhere', 1, 'there is no stack logistics-event-processor-nowhere'],
    ['queues --env nowhere', 1, 'the stack was not found: check --env, --region and the account'],
    ['list --endpoint http://127.0.0.1:9', 1, 'AWS does not answer: check the network and --region, or the --endpoint'],
    ['list --endpoint here', 2, '--endpoint is here: give a URL'],
  ])('%s ends with %d and one clear line', async (line, code, problem) => {
    const ended = await type(`npx logistics ${line}`);

    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(problem) });
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });

  it('of a reader that has left ends quietly', async () => {
    const { stderr } = await type('(npx logistics errors --json; echo "ended with $?" >&2) | true');

    expect(stderr.split('\n').filter((line) => !line.startsWith('one in full'))).toEqual(['ended with 0', '']);
  });
});

/** Puts an event that its function gave up into the status updater's queue; answers its message's id. */
async function failed(id: string, detail: object = { status: 'teleported' }): Promise<string> {
  const event = {
    id,
    source: 'logistics.shipment',
    'detail-type': 'Shipment Status Updated',
    time: '2026-03-06T00:00:00Z',
    detail: { shipment_id: 'SHP-1007', ...detail },
  };
  return putIntoQueue(stack, queueOf('status-updater'), afterRetries(event));
}

describe('the documentation', () => {
  /** Documented with ids that only a real run has. */
  async function withRealIds(line: string): Promise<string> {
    if (!line.includes('6f1e…')) return line;
    if (line.includes('--group')) {
      const messages = await json('npx logistics queues status-updater');
      return line.replace('6f1e…', String(messages.find(({ group }) => group)?.['group']));
    }
    if (line.includes('repair')) return line.replace('6f1e…', await failed('repair'));
    if (line.includes('discard')) {
      const [message] = await json('npx logistics queues status-updater');
      return line.replace('6f1e…', String(message?.['message']));
    }
    const errors = await json('npx logistics errors --type rejected');
    const id = errors
      .map(({ error_id }) => String(error_id))
      .find((each) => each.startsWith('logistics-status-updater-dev/'));
    return line.replace('logistics-status-updater-dev/6f1e…', String(id));
  }

  it('is found by `npx logistics` itself', async () => {
    const { stdout } = await promisify(execFile)('npx', ['logistics', '--help']);

    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  it.each(COMMANDS)('of %s has examples, and each does what it says', async (command) => {
    const { stdout, code } = await type(`npx logistics ${command} --help`);
    const lines = stdout.split('\n').filter((line) => line.startsWith('  npx --no-install logistics '));
    expect(code).toBe(0);
    expect(lines.length).toBeGreaterThan(0);

    for (const line of lines) {
      const real = await withRealIds(line.trim());
      const ended = await type(`export EDITOR='sed -i s/teleported/in_transit/'; ${real}`);
      // There is one stack here, and the samples have left something to look at, and rejected events in a queue.
      const expected = /doctor|redrive status-updater --dry-run/.test(real) ? 1 : 0;
      expect({ line: real, ...ended }).toMatchObject({
        code: expected,
        stderr: expect.not.stringMatching(/^error:/),
      });
      if (real.includes('--env prod'))
        expect(ended.stderr).toContain('there is no stack logistics-event-processor-prod');
    }
  });

  it.each(['A customer asks to be forgotten', '300 events failed last night', 'One event has a typo'])(
    'in the runbook answers "%s"',
    async (heading) => {
      const commands = runbookCommands(heading);
      expect(commands.length).toBeGreaterThan(1);
      for (const command of commands) {
        const line = await withRealIds(
          command
            .replace('{message}', '6f1e…')
            .replace('{group}', '6f1e…')
            .replace('{function}', 'status-updater --dry-run'),
        );
        const { code, stderr } = await type(line);
        expect({ line, code, stderr }).toEqual({
          line,
          // A redrive without a group leaves rejected events, and says so.
          code: line.includes('redrive status-updater') ? 1 : 0,
          stderr: expect.not.stringMatching(/^error:/),
        });
      }
    },
    120_000,
  );

  describe('in the README, on how to operate', () => {
    const [, section = ''] = /^## Operate\n([\s\S]*?)^## /m.exec(readFileSync('README.md', 'utf8')) ?? [];
    const answers = [...section.matchAll(/^(npx logistics .*?) +# (.*)$/gm)].map(([, line = '', question = '']) => ({
      line,
      question,
    }));
    const answerTo = (question: string) =>
      answers.find((answer) => answer.question.startsWith(question))?.line ?? 'false';

    it.each([
      ['where is SHP-1007?', /^status +in_transit\n[\s\S]*^estimated_delivery +2026-03-07T08:00:00.000Z$/m],
      ['what is stuck?', /^SHP-1007 +in_transit (?![\s\S]*SHP-1001)/m],
      ['what failed last night, and why?', /^20.* rejected .* SHP-1904 .* detail.status must be one of pending, /m],
      ['replay Tuesday', /^state +COMPLETED$/m],
    ])('answers %s', async (question, answer) => {
      expect(await type(answerTo(question))).toMatchObject({ code: 0, stdout: expect.stringMatching(answer) });
    });

    it('puts it right', async () => {
      await failed('put-right', { status: 'out_for_delivery' });

      const { code, stderr } = await type(answerTo('put it right'));

      // The samples' rejected events are left.
      expect(code).toBe(1);
      expect(stderr).toMatch(/\d+ redriven/);
      expect(stderr).toMatch(/left because they would fail again: .*\d+ rejected/);
      await until(async () => (await json('npx logistics track SHP-1007'))[0]?.['status'] === 'out_for_delivery');
    });

    it('has no other line than these', () => {
      expect(answers).toHaveLength(5);
    });
  });
});
