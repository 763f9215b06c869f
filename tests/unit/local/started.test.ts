import { Started } from '../../../local/started';

/** Registers these names, and returns a list to which each is added when its stop begins and when it ends. */
function addAll(started: Started, ...names: string[]): string[] {
  const stops: string[] = [];
  for (const name of names)
    started.add(async () => {
      stops.push(`${name}…`);
      await Promise.resolve();
      stops.push(name);
    });
  return stops;
}

const failingStop = (message: string) => () => Promise.reject(new Error(message));

describe('stopAll', () => {
  it('stops one after another, in reverse order', async () => {
    const started = new Started();
    const stops = addAll(started, 'emulator', 'proxy', 'page');

    await started.stopAll();

    expect(stops).toEqual(['page…', 'page', 'proxy…', 'proxy', 'emulator…', 'emulator']);
  });

  it('stops what is started while it runs', async () => {
    const started = new Started();
    const lateStop = jest.fn(async () => undefined);
    started.add(async () => started.add(lateStop));

    await started.stopAll();

    expect(lateStop).toHaveBeenCalledTimes(1);
  });

  it('stops everything else when a stop fails, then throws every failure', async () => {
    const started = new Started();
    started.add(failingStop('the folder is in use'));
    const stops = addAll(started, 'emulator');
    started.add(failingStop('the page does not answer'));

    const error = await started.stopAll().catch((thrown: unknown) => thrown);

    expect(stops).toEqual(['emulator…', 'emulator']);
    expect(error).toMatchObject({
      errors: [{ message: 'the page does not answer' }, { message: 'the folder is in use' }],
    });
  });
});
