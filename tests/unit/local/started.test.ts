import { Started } from '../../../local/started';

/** Starts the named ones in turn; answers what is stopped, as it happens. */
function begun(started: Started, ...names: string[]): string[] {
  const seen: string[] = [];
  for (const name of names)
    started.add(async () => {
      seen.push(`${name}…`);
      await Promise.resolve();
      seen.push(name);
    });
  return seen;
}

const broken = (message: string) => () => Promise.reject(new Error(message));

describe('what was started', () => {
  it('is stopped one after another, the last first', async () => {
    const started = new Started();
    const seen = begun(started, 'emulator', 'proxy', 'page');

    await started.stopAll();

    expect(seen).toEqual(['page…', 'page', 'proxy…', 'proxy', 'emulator…', 'emulator']);
  });

  it('is stopped when the stopping has begun before it was started', async () => {
    const started = new Started();
    const seen: string[] = [];
    started.add(async () => started.add(async () => void seen.push('started late')));

    await started.stopAll();

    expect(seen).toEqual(['started late']);
  });

  it('is stopped though something else cannot be, and all that cannot be is named', async () => {
    const started = new Started();
    started.add(broken('the folder is in use'));
    const seen = begun(started, 'emulator');
    started.add(broken('the page does not answer'));

    const failed = await started.stopAll().catch((error: unknown) => error);

    expect(seen).toEqual(['emulator…', 'emulator']);
    expect(failed).toMatchObject({
      errors: [{ message: 'the page does not answer' }, { message: 'the folder is in use' }],
    });
  });
});
