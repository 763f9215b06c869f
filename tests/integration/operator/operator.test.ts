/** Commands as operators type them: every documented example, and mistakes. */
import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { COMMANDS } from '../../../cli/commands';
import { createProgram } from '../../../cli/program';
import { type Outcome, runSamples } from '../../../demo/run-samples';
import { sampleEvents } from '../../../demo/sample-events';
import { until } from '../../../lib/until.mjs';
import type { Row } from '../../../local/snapshot';
import type { LocalStack } from '../../../local/stack';
import { temporaryFolder } from '../../support/after-tests';
import { afterRetries, putIntoQueue, queueOf } from '../../support/failed-events';
import { jsonLines } from '../../support/json-lines';
import { type CommandEnded, typed } from '../../support/operator';
import { runbookCommands } from '../../support/runbook-blocks';
import { startStack } from '../../support/stack';

// Each command is a process, and some read a queue until it is empty; other test files run at the same time.
jest.setTimeout(60_000);

const NAMES = createProgram(COMMANDS).commands.map((command) => command.name());

let stack: LocalStack;
let folder: string;
/** The samples, and the stack after them. */
let samples: Outcome;
/** Commands that ran before the first event. */
const onEmptyStack = new Map<string, CommandEnded>();

const type = (line: string) => typed(stack.endpoint, line, folder);

const json = async (line: string) => jsonLines((await type(`${line} --json`)).stdout);

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
    onEmptyStack.set(command, await type(`npx logistics ${command}`));
  }
  samples = await runSamples(stack);
  expect(samples.unmet).toEqual([]);
}, 240_000);

describe('an empty stack', () => {
  it.each([
    ['list', 0, 'no such shipment\n'],
    ['errors', 0, 'no such error\n'],
    ['queues unrouted', 0, 'nothing was found in the queue\n'],
    ['doctor', 0, expect.stringContaining('stack/logistics-event-processor-dev/')],
    ['track SHP-1007', 1, expect.stringContaining('no event of shipment SHP-1007 was ever accepted in dev')],
  ])('%s finds nothing', (command, code, stderr) => {
    expect(onEmptyStack.get(command)).toMatchObject({ code, stderr });
  });

  it('has no problem and no waiting event', () => {
    expect(onEmptyStack.get('doctor')?.stdout).not.toMatch(/^(attention|unknown)/m);
    expect(onEmptyStack.get('queues')?.stdout).toMatch(/^unrouted +0 +0 +- +-$/m);
  });
});

/** Id of the event that a valid sample became. */
function sampleEventId(file: string): string {
  const sample = samples.sent.find(({ name, reason }) => reason === undefined && name.endsWith(`/${file}`));
  if (!sample) throw new Error(`no sample ${file}`);
  return (sample.event.detail as { event_id?: string }).event_id ?? sample.envelopeId;
}

it('track shows the events of a shipment in order, with their marks', async () => {
  const [shipment, ...events] = await json('npx logistics track SHP-1001');
  const { log, shipments } = samples.snapshot;
  const row = shipments.find(({ shipment_id }) => shipment_id === 'SHP-1001');

  expect(shipment).toEqual({
    shipment_id: 'SHP-1001',
    status: row?.['status'],
    since: new Date(Number(row?.['timestamp'])).toISOString(),
    estimated_delivery: null,
    events: log.filter(({ shipment_id }) => shipment_id === 'SHP-1001').length,
  });
  const isCurrent = ({ marks }: Row) => (marks as string[]).includes('current');
  expect(events.filter(isCurrent).map(({ event_id }) => event_id)).toEqual([row?.['event_id']]);

  // Other samples about this shipment may be added: they change the marks about an event's place among the others.
  const ids = ['created', 'in-transit', 'late', 'out-for-delivery', 'delivered'].map(sampleEventId);
  const withoutPlace = (marks: unknown) =>
    (marks as string[]).filter((mark) => !/^(current$|late$|after |unexpected |expected )/.test(mark));
  const senders = 'from account 000000000000; this one is from account 000000000000';
  const shown = events.filter(({ event_id }) => ids.includes(String(event_id)));
  expect(shown.map(({ status, marks }) => [status, withoutPlace(marks)])).toEqual([
    ['pending', []],
    ['in_transit', ['delivery estimated 2026-03-05T14:00:00.000Z']],
    ['in_transit', []],
    ['out_for_delivery', []],
    ['delivered', [expect.stringMatching(/^notified 20/)]],
    ['refused', ['conflict', expect.stringContaining(senders)]],
  ]);
  expect((await type('npx logistics track SHP-1001')).stdout).toMatch(
    /refused +nordfreight-000918273 +logistics-status-updater-dev\/\S+ +conflict, event nordfreight/,
  );
});

it('list shows the shipments that have had a status for longer than a span, the oldest first', async () => {
  const rows = await json('npx logistics list --status in_transit --older-than 3d');

  const expected = samples.snapshot.shipments
    .filter(({ status }) => status === 'in_transit')
    .sort((one, other) => Number(one['timestamp']) - Number(other['timestamp']))
    .map(({ shipment_id }) => shipment_id);
  expect(expected).toContain('SHP-1007');
  expect(expected.length).toBeGreaterThan(1);
  expect(rows.map(({ shipment_id }) => shipment_id)).toEqual(expected);
  expect((await type('npx logistics list --status in_transit --older-than 9999w')).stdout).toBe('');
});

describe('errors', () => {
  it('shows the minutes with alerts, and the errors of one type', async () => {
    const minutes = await json('npx logistics errors alerts');
    expect(minutes.some(({ admitted }) => Number(admitted) > 0)).toBe(true);
    expect(await json('npx logistics errors --type conflict')).toEqual([
      expect.objectContaining({ shipment_id: 'SHP-1001', error_type: 'conflict', attempts: 3 }),
    ]);
  });

  it('shows an error in full, with its event and its announcement', async () => {
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

it('queues shows the waiting events, and a command that shows their messages', async () => {
  const unrouted = (await json('npx logistics queues')).find(({ queue }) => queue === 'unrouted');
  expect(unrouted).toMatchObject({ waiting: 1, in_flight: 0, next: 'npx --no-install logistics queues unrouted' });

  const [message] = await json(String(unrouted?.['next']));
  expect(message).toMatchObject({
    reason: 'no contract takes logistics.shipment / Shipment Status Update',
    event: { detail: { shipment_id: 'SHP-1001' } },
  });
});

describe('a command', () => {
  it.each([
    ['track "SHP 1"', 2, "value 'SHP 1' is invalid for argument 'shipment'"],
    ['correct SHP-1001 --reason x', 2, 'give --status, or --void with the mistaken event'],
    ['correct SHP-1001 --status pending --reason " "', 2, 'say why'],
    ['rebuild --from-part 129', 2, 'there are 128 parts'],
    ['errors no/such', 1, 'no error no/such: `npx --no-install logistics errors` lists them'],
    ['discard no-such', 2, "required option '--reason <text>' not specified"],
    ['repair no-such', 2, 'give --set or --edit, one of the two'],
    ['redact SHP-1 --event e-1', 2, 'give a shipment_id or --event, one of the two'],
    ['send nothing.json', 1, 'nothing.json cannot be read: there is no such file'],
    ['send events', 1, 'events is a folder: give its files'],
    ['queues --env nowhere', 1, 'the stack was not found: check --env, --region and the account'],
    ['list --endpoint here', 2, '--endpoint is here: give a URL'],
  ])('%s ends with %d and one line that names the mistake', async (line, code, problem) => {
    const ended = await type(`npx logistics ${line}`);

    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(problem) });
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });

  it('ends quietly when its reader has ended', async () => {
    const { stderr } = await type('(npx logistics errors --json; echo "ended with $?" >&2) | true');

    expect(stderr.split('\n').filter((line) => !line.startsWith('one in full'))).toEqual(['ended with 0', '']);
  });
});

/** Puts an event into the status updater's dead-letter queue, as after all retries; returns the message's id. */
async function putFailed(id: string, detail: object = { status: 'teleported' }): Promise<string> {
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
  /** The line with ids of this stack in place of the documented ones. */
  async function withRealIds(line: string): Promise<string> {
    if (!line.includes('6f1e…')) return line;
    if (line.includes('--group')) {
      const messages = await json('npx logistics queues status-updater');
      return line.replace('6f1e…', String(messages.find(({ group }) => group)?.['group']));
    }
    if (line.includes('repair')) return line.replace('6f1e…', await putFailed('repair'));
    if (line.includes('discard')) {
      const [message] = await json('npx logistics queues status-updater');
      return line.replace('6f1e…', String(message?.['message']));
    }
    const errors = await json('npx logistics errors --type rejected');
    const id = errors
      .map(({ error_id }) => String(error_id))
      .find((text) => text.startsWith('logistics-status-updater-dev/'));
    return line.replace('logistics-status-updater-dev/6f1e…', String(id));
  }

  it('of `npx logistics` lists every command', async () => {
    const { stdout } = await promisify(execFile)('npx', ['logistics', '--help']);

    for (const name of NAMES) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it.each(NAMES)('has examples of %s, and each one works', async (name) => {
    const { stdout, code } = await type(`npx logistics ${name} --help`);
    const lines = stdout.split('\n').filter((line) => line.startsWith('  npx --no-install logistics '));
    expect(code).toBe(0);
    expect(lines.length).toBeGreaterThan(0);

    for (const line of lines) {
      const real = await withRealIds(line.trim());
      const ended = await type(`export EDITOR='sed -i s/teleported/in_transit/'; ${real}`);
      // The samples leave problems for doctor, and rejected events in a queue.
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
    'has runbook commands that work: %s',
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
          // A redrive without a group leaves rejected events in the queue, and reports them.
          code: line.includes('redrive status-updater') ? 1 : 0,
          stderr: expect.not.stringMatching(/^error:/),
        });
      }
    },
    120_000,
  );

  describe('in the README, under Operate', () => {
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

    it('redrives a failed event', async () => {
      await putFailed('put-right', { status: 'out_for_delivery' });

      const { code, stderr } = await type(answerTo('put it right'));

      expect(code).toBe(1);
      expect(stderr).toMatch(/\d+ redriven/);
      expect(stderr).toMatch(/left because they would fail again: .*\d+ rejected/);
      await until(async () => (await json('npx logistics track SHP-1007'))[0]?.['status'] === 'out_for_delivery');
    });

    it('has no other line', () => {
      expect(answers).toHaveLength(5);
    });
  });
});
