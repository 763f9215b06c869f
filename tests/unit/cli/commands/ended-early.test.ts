/** Commands that end early or cannot continue: their effects until then, and the command that they suggest. */
import { finishFirst } from '../../../../cli/terminal/ending';
import { toAttributes } from '../../../../src/adapters/attributes';
import { answers, inputsOf } from '../mocked-aws';
import { run } from '../run';

jest.mock('../../../../cli/terminal/ending');

const AT = Date.UTC(2026, 2, 2);

const rowOf = (timestamp = AT) =>
  toAttributes({ event_id: 'e-1', timestamp, shipment_id: 'SHP-1', status: 'delivered' });

let ending: AbortController;

const endWhileReadingLog = () => {
  answers['Query'] = () => {
    ending.abort();
    return { Items: [rowOf()] };
  };
};

beforeEach(() => {
  ending = new AbortController();
  jest.mocked(finishFirst).mockReset().mockReturnValue(ending.signal);
  answers['Query'] = { Items: [rowOf()] };
});

describe('redact', () => {
  it.each(['SHP-1 --dry-run', 'SHP-1', '--event e-1 --dry-run'])(
    'suggests the same command when %s ends early',
    async (line) => {
      endWhileReadingLog();

      const { stderr, exitCode } = await run(`redact ${line}`);

      expect(stderr).toMatch(
        new RegExp(`ended early: npx --no-install logistics redact ${line} --region us-east-1\n$`),
      );
      expect(exitCode).toBe(1);
    },
  );

  it('suggests the same command while another reader hides messages that may be about the shipment', async () => {
    answers['UpdateItem'] = {};
    answers['GetQueueAttributes'] = {
      Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' },
    };

    const { stderr, exitCode } = await run('redact SHP-1');

    expect(stderr).toContain('that could not be read may be about it: npx --no-install logistics redact SHP-1 ');
    expect(exitCode).toBe(1);
  });
});

describe('correct', () => {
  const type = (...options: string[]) => run('correct SHP-1 --status pending --reason lost', ...options);

  it('suggests to void an event of the future with all options that were typed', async () => {
    answers['Query'] = { Items: [rowOf(Date.now() + 600_000)] };

    await expect(type('--by', 'desk 2', '--quiet', '--dry-run')).rejects.toThrow(
      "correct SHP-1 --void e-1 --reason lost --by 'desk 2' --quiet --dry-run",
    );
  });

  it('sends nothing when it is interrupted before that', async () => {
    endWhileReadingLog();

    await expect(type()).rejects.toThrow('nothing was sent');

    expect(inputsOf('PutEvents')).toEqual([]);
  });

  it('sends what was typed, and reports the result when it is interrupted while it sends', async () => {
    answers['PutEvents'] = () => {
      ending.abort();
      answers['GetItem'] = { Item: { ...rowOf(), version: { S: '3' } } };
      return { Entries: [{ EventId: 'id' }] };
    };

    const { stderr, exitCode } = await type('--void', 'e-1', '--by', 'desk 2');

    const [{ Detail = '' }] = inputsOf('PutEvents')[0]?.Entries ?? [];
    expect(JSON.parse(Detail)).toEqual({
      shipment_id: 'SHP-1',
      event_id: expect.stringMatching(/^correction-/),
      status: 'pending',
      reason: 'lost',
      corrects: 'e-1',
      corrected_by: 'desk 2',
      occurred_at: new Date(AT).toISOString(),
    });
    expect(stderr).toMatch(/\nthe correction is on record\n$/);
    expect(exitCode).toBeUndefined();
    expect(finishFirst).toHaveBeenCalled();
  });
});
