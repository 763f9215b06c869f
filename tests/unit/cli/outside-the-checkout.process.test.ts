/** The operator's command, typed where there is no checkout and a stranger has taken its name in the registry. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { OPERATOR_COMMAND } from '../../../contracts/operator-command';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';

jest.setTimeout(60_000);

const [npx = '', ...args] = OPERATOR_COMMAND.split(' ');
const stranger = { name: 'logistics', version: '1.0.0', bin: 'stranger.js' };
const folder = temporaryFolder('elsewhere');
let registry: string;

/** Ends with what the command said, whether it failed or not. The settings of this machine's npm may say no by themselves. */
const type = (...typed: string[]) => {
  const [cache, userconfig] = [path.join(folder, 'cache'), path.join(folder, 'npmrc')];
  const config = { npm_config_registry: registry, npm_config_cache: cache, npm_config_userconfig: userconfig };
  const env = { ...process.env, ...config, npm_config_audit: 'false' };
  return promisify(execFile)(npx, typed, { cwd: folder, env }).catch((error: { stderr: string }) => error);
};

beforeAll(async () => {
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(stranger));
  writeFileSync(path.join(folder, 'stranger.js'), '#!/usr/bin/env node\nrequire("fs").writeFileSync("ran", "");\n');
  await promisify(execFile)('npm', ['pack'], { cwd: folder });
  const tarball = readFileSync(path.join(folder, 'logistics-1.0.0.tgz'));
  writeFileSync(path.join(folder, 'package.json'), '{}');

  const server = createServer(({ url }, answer) => {
    const dist = { tarball: `${registry}/logistics/-/logistics-1.0.0.tgz` };
    const versions = { '1.0.0': { ...stranger, bin: { logistics: 'stranger.js' }, dist } };
    const described = JSON.stringify({ name: 'logistics', 'dist-tags': { latest: '1.0.0' }, versions });
    answer.end(url?.endsWith('.tgz') ? tarball : described);
  });
  stopAfterTests(async () => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

it('runs nothing, where npx alone runs the stranger’s package', async () => {
  const { stderr } = await type(...args, 'doctor');
  expect(stderr).toContain('npx canceled due to missing packages');
  expect(existsSync(path.join(folder, 'ran'))).toBe(false);

  await type('logistics', 'doctor');
  expect(existsSync(path.join(folder, 'ran'))).toBe(true);
});
