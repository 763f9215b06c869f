/** Commands as operators type them: every documented example, and mistakes. */
import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { COMMANDS } from '../../../cli/commands';
import { createProgram } from '../../../cli/program';
import { runSamples } from '../../../demo/run-samples';
import { sampleEvents } from '../../../demo/sample-events';
import { until } from '../../../lib/until.mjs';
import type { LocalStack } from '../../../local/stack';
import { temporaryFolder } from '../../support/after-tests';
import { anUpdate } from '../../support/builders/events';
import { afterRetries, putIntoQueue, queueOf } from '../../support/failed-events';
import { jsonLines } from '../../support/json-lines';
import { type CommandEnded, typed } from '../../support/operator';
import { startStack } from '../../support/stack';

// Each command is a process, and some read a queue until it is empty; other test files run at the same time.
jest.setTimeout(60_000);

const NAMES = createProgram(COMMANDS).commands.map((command) => command.name());

let stack: LocalStack;
let folder: string;
/** What `doctor` found before the first event. */
let onEmptyStack: CommandEnded;

const type = (line: string) => typed(stack.endpoint, line, folder);

const json = async (line: string) => jsonLines((await type(`${line} --json`)).stdout);

beforeAll(async () => {
  stack = await startStack();
  folder = temporaryFolder('operator');
  symlinkSync(path.resolve('events'), path.join(folder, 'events'));
  const tuesday = sampleEvents().filter(({ key, reason }) => key === 'status-updater' && reason === undefined);
  writeFileSync(path.join(folder, 'tuesday.ndjson'), tuesday.map(({ event }) => `${JSON.stringify(event)}\n`).join(''));

  const history = ['in_transit', 'delivered'].map((status, hour) =>
    anUpdate({ shipment_id: 'OLD-1', status, event_id: `old-${status}`, occurred_at: `2024-03-02T0${hour}:00:00Z` }),
  );
  writeFileSync(path.join(folder, 'history.ndjson'), history.map((event) => `${JSON.stringify(event)}\n`).join(''));

  onEmptyStack = await type('npx logistics doctor');
  expect(await runSamples(stack)).toMatchObject({ unmet: [] });
}, 240_000);

it('doctor finds no problem on an empty stack', () => {
  expect(onEmptyStack).toMatchObject({ code: 0, stdout: expect.not.stringMatching(/^(attention|unknown)/m) });
});

it('track shows the accepted and the refused events of a shipment', async () => {
  const { stdout } = await type('npx logistics track SHP-1001');

  expect(stdout).toMatch(/ delivered .*current.*notified 20/);
  expect(stdout).toMatch(
    /refused +nordfreight-000918273 +logistics-status-updater-dev\/\S+ +conflict, event nordfreight/,
  );
});

it('errors shows the errors of one type, one of them in full, and the minutes with alerts', async () => {
  const [conflict, ...others] = await json('npx logistics errors --type conflict');
  const { error_id } = conflict ?? {};

  expect([others, conflict]).toEqual([[], expect.objectContaining({ shipment_id: 'SHP-1001', attempts: 3 })]);
  expect(await json(`npx logistics errors ${error_id}`)).toMatchObject([
    { error_id, announced: { conflict: expect.any(String) }, event: { detail: { event_id: 'nordfreight-000918273' } } },
  ]);
  const minutes = await json('npx logistics errors alerts');
  expect(minutes.some(({ admitted }) => Number(admitted) > 0)).toBe(true);
});

it('queues shows the waiting events, and a command that shows their messages', async () => {
  const unrouted = (await json('npx logistics queues')).find(({ queue }) => queue === 'unrouted');

  expect(unrouted).toMatchObject({ waiting: 1, in_flight: 0 });
  expect(await json(String(unrouted?.['next']))).toMatchObject([
    { reason: 'no contract takes logistics.shipment / Shipment Status Update' },
  ]);
});

it.each([
  ['track "SHP 1"', 2, "value 'SHP 1' is invalid for argument 'shipment'"],
  ['errors no/such', 1, 'no error no/such: `npx --no-install logistics errors` lists them'],
  ['send nothing.json', 1, 'nothing.json cannot be read: there is no such file'],
  ['queues --env nowhere', 1, 'the stack was not found: check --env, --region and the account'],
])('%s ends with %d and one line that names the mistake', async (line, code, problem) => {
  const ended = await type(`npx logistics ${line}`);

  expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(problem) });
  expect(ended.stderr).not.toMatch(/\n\s+at /);
});

/** Puts an event into the status updater's dead-letter queue, as after all retries; returns the message's id. */
async function putFailed(id: string, detail: object = { status: 'teleported' }): Promise<string> {
  const event = { id, ...anUpdate({ shipment_id: 'SHP-1007', ...detail }, '2026-03-06T00:00:00Z') };
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
