import { askOnTerminal } from '../../../../cli/terminal/ask';

const question = jest.fn();
jest.mock('node:readline/promises', () => ({ createInterface: () => ({ question, close: () => undefined }) }));

const ask = () => askOnTerminal('go on?', 'without a terminal, --yes says yes');

const before = process.stdin.isTTY;
afterEach(() => {
  process.stdin.isTTY = before;
});

it('names the option to use when there is no terminal', async () => {
  process.stdin.isTTY = false;
  await expect(ask()).rejects.toThrow('without a terminal, --yes says yes');
});

it('returns an empty answer on Ctrl-C', async () => {
  process.stdin.isTTY = true;
  // As readline rejects it.
  question.mockRejectedValue(Object.assign(new Error('Aborted with Ctrl+C'), { name: 'AbortError' }));
  expect(await ask()).toBe('');
});
