import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, realpathSync } from 'node:fs';
import os from 'node:os';
import { until } from '../../../lib/until.mjs';
import { temporaryFolder } from '../../support/after-tests';

/** Nothing but this run's own processes have it in their environment. */
const temporary = realpathSync(temporaryFolder('interrupt'));

/** Processes of the run, by their environment: `ps` shows it behind the command. */
const ownProcesses = () =>
  execFileSync('ps', [os.platform() === 'darwin' ? 'axEww' : 'axeww'], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .filter((line) => line.includes(temporary));

describe('npm start, stopped with Ctrl-C', () => {
  it.each([
    ['while the embedded AWS starts', 'starting the embedded AWS', 130],
    ['while it deploys', 'building and deploying', 130],
    ['while events travel', 'putting the sample events', 130],
    ['when all is up', 'Stop it with Ctrl-C', 0],
  ])(
    '%s leaves no process and no file behind',
    async (_, when, expected) => {
      const child = spawn(process.execPath, ['tools/run.mjs', 'start'], { env: { ...process.env, TMPDIR: temporary } });
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += chunk;
        // Impatient users press it twice.
        if (output.includes(when)) child.kill('SIGINT');
      });
      const code = await new Promise((resolve) => child.once('close', resolve));

      expect(output).toContain(when);
      expect(code).toBe(expected);
      expect(ownProcesses()).toEqual([]);
      expect(readdirSync(temporary)).toEqual([]);
    },
    120_000,
  );
});

const emulatorFolders = () => readdirSync(temporary).filter((name) => name.startsWith('logistics-local-'));

describe('npm test, stopped with Ctrl-C', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'leaves no embedded AWS and no folder of it behind (%s)',
    async (signal) => {
      const child = spawn(process.execPath, ['tools/test.mjs', 'events/pipeline'], {
        env: { ...process.env, TMPDIR: temporary },
        stdio: 'ignore',
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      await until(async () => ownProcesses().some((line) => line.includes('launcher.py')), 60_000);
      child.kill(signal);

      expect(await ended).toBe(130);
      await until(async () => ownProcesses().length === 0 && emulatorFolders().length === 0, 20_000);
    },
    120_000,
  );
});
