import { EVENT_FUNCTION_KEYS } from '../../../contracts/functions';
import { db, loadHandlers } from '../../support/builders/handlers';

beforeAll(async () => {
  await loadHandlers();
  jest.useFakeTimers();
});

// Priming while AWS answers is tested on the built functions.
it.each(EVENT_FUNCTION_KEYS)('ends priming the %s within a second when AWS does not answer', async (key) => {
  db.reset();
  db.onAnyCommand().callsFake(() => new Promise(() => undefined));
  const ended = jest.fn();

  const priming = (await import(`../../../src/handlers/${key}`)).prime().then(ended);
  await jest.advanceTimersByTimeAsync(1_000);

  expect(db.calls()).toHaveLength(1);
  expect(ended).toHaveBeenCalled();
  await priming;
});
