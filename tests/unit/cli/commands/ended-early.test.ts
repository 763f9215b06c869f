/** What a command that ends early, or cannot go on, suggests does no more than what was asked for. */
import { GetItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { register as correct } from '../../../../cli/commands/correct';
import { register as redact } from '../../../../cli/commands/redact';
import { finishFirst } from '../../../../cli/terminal/ending';
import { toAttributes } from '../../../../src/adapters/attributes';
import { bus, db, sqs } from '../mocked-aws';
import { run } from '../run';

jest.mock('../../../../cli/terminal/ending');

const rowOf = (timestamp: number) =>
  toAttributes({ event_id: 'e-1', timestamp, shipment_id: 'SHP-1', status: 'delivered' });

let ending: AbortController;

/** Ends a command while it reads the log. */
const endWhileReading = () =>
  db.on(QueryCommand).callsFake(() => {
    ending.abort();
    return { Items: [rowOf(1)] };
  });

beforeEach(() => {
  ending = new AbortController();
  jest.mocked(finishFirst).mockReset().mockReturnValue(ending.signal);
  db.on(QueryCommand).resolves({ Items: [rowOf(1)] });
});

describe('redact', () => {
  it.each(['SHP-1 --dry-run', 'SHP-1', '--event e-1 --dry-run'])('%s is to be repeated', async (line) => {
    endWhileReading();

    const { stderr, exitCode } = await run(redact, 'redact', ...line.split(' '));

    expect(stderr).toMatch(new RegExp(`ended early: npx --no-install logistics redact ${line} --region us-east-1\n$`));
    expect(exitCode).toBe(1);
  });

  it('is not done while messages may be about its shipment that it could not read', async () => {
    db.on(UpdateItemCommand).resolves({});
    sqs.on(GetQueueAttributesCommand).resolves({
      Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' },
    });

    const { stderr, exitCode } = await run(redact, 'redact', 'SHP-1');

    expect(stderr).toContain('that could not be read may be about it: npx --no-install logistics redact SHP-1 ');
    expect(exitCode).toBe(1);
  });
});

describe('correct', () => {
  const type = (...more: string[]) =>
    run(correct, 'correct', 'SHP-1', '--status', 'pending', '--reason', 'lost', ...more);

  it('suggests another correction with all that was asked of this one', async () => {
    db.on(QueryCommand).resolves({ Items: [rowOf(Date.now() + 600_000)] });

    await expect(type('--by', 'desk 2', '--quiet', '--dry-run')).rejects.toThrow(
      "correct SHP-1 --void e-1 --reason lost --by 'desk 2' --quiet --dry-run",
    );
  });

  it('sends nothing when it is to end before that', async () => {
    endWhileReading();

    await expect(type()).rejects.toThrow('nothing was sent');

    expect(bus.commandCalls(PutEventsCommand)).toEqual([]);
  });

  it('says what came of it when it is to end after that', async () => {
    bus.on(PutEventsCommand).callsFake(() => {
      ending.abort();
      db.on(GetItemCommand).resolves({ Item: { ...rowOf(1), version: { S: '3' } } });
      return { Entries: [{ EventId: 'id' }] };
    });

    const { stderr, exitCode } = await type();

    expect(stderr).toMatch(/\nthe correction is on record\n$/);
    expect(exitCode).toBeUndefined();
    expect(finishFirst).toHaveBeenCalled();
  });
});
