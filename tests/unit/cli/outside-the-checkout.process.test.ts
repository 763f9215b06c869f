/** The operator's command typed outside a checkout, while a stranger's package in the registry has its name. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { OPERATOR_COMMAND } from '../../../contracts/operator-command';
import { temporaryFolder } from '../../support/after-tests';
import { listening } from '../../support/listening';

jest.setTimeout(60_000);

it('does not download the stranger’s package', async () => {
  const requests: (string | undefined)[] = [];
  const server = createServer(({ url }, answer) => {
    requests.push(url);
    const dist = { tarball: `${registry}/stranger.tgz` };
    const versions = { '1.0.0': { name: 'logistics', version: '1.0.0', bin: 'stranger.js', dist } };
    answer.end(JSON.stringify({ name: 'logistics', 'dist-tags': { latest: '1.0.0' }, versions }));
  });
  const registry = await listening(server);
  const cwd = temporaryFolder('elsewhere');
  // The npm settings of this machine could refuse the package, too.
  const config = {
    npm_config_registry: registry,
    npm_config_cache: cwd,
    npm_config_userconfig: path.join(cwd, 'npmrc'),
  };
  const [npx = '', ...args] = OPERATOR_COMMAND.split(' ');

  const ended = promisify(execFile)(npx, [...args, 'doctor'], { cwd, env: { ...process.env, ...config } });

  await expect(ended).rejects.toMatchObject({
    stderr: expect.stringContaining('npx canceled due to missing packages'),
  });
  expect(requests).toContain('/logistics');
  expect(requests).not.toContain('/stranger.tgz');
});
