import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { toolPython } from '../../../lib/tools.mjs';
import { UserError } from '../../../lib/user-error.mjs';
import { startEmulator } from '../../../local/emulator';
import { localEnvironment } from '../../../local/environment';
import { startLocalStack } from '../../../local/stack';
import { stopAfterTests, temporaryFolder } from '../../support/after-tests';

jest.mock('../../../lib/tools.mjs', () => {
  const actual = jest.requireActual('../../../lib/tools.mjs');
  return { ...actual, toolPython: jest.fn(actual.toolPython) };
});

describe('the embedded AWS', () => {
  it('reports that its port is taken, and how to choose another', async () => {
    const server = createServer();
    stopAfterTests(async () => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(startEmulator(stopAfterTests, { port })).rejects.toThrow(
      new UserError(`port ${port} is taken: choose another with --port, or none`),
    );
  });

  it('refuses an endpoint that is not on this machine', () => {
    expect(() => localEnvironment('https://events.us-east-1.amazonaws.com')).toThrow('is not on this machine');
  });
});

describe('a deployment that fails', () => {
  it('prints the last lines of SAM, and stops the emulator', async () => {
    const failing = path.join(temporaryFolder('failing-sam'), 'python');
    writeFileSync(failing, '#!/bin/sh\necho "Error: Failed to create the changeset" >&2\nexit 1\n');
    chmodSync(failing, 0o755);
    const { toolPython: installed } = jest.requireActual('../../../lib/tools.mjs');
    jest.mocked(toolPython).mockImplementation((tool) => (tool === 'sam' ? failing : installed(tool)));
    let endpoint = '';
    const starting = startLocalStack(0, (step) => (endpoint = /http:\S+/.exec(step)?.[0] ?? endpoint), stopAfterTests);
    await expect(starting).rejects.toThrow(
      /^sam build failed \(exit code 1\):\n {2}Error: Failed to create the changeset$/,
    );
    expect(endpoint).not.toBe('');
    await expect(fetch(endpoint)).rejects.toThrow();
  }, 60_000);
});
