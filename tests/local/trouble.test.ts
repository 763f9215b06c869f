import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { startEmulator } from '../../local/emulator';
import { localEnvironment } from '../../local/environment';
import { startLocalStack } from '../../local/stack';
import { Trouble } from '../../local/trouble';

describe('the embedded AWS', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it('says that its port is taken, and how to choose another', async () => {
    server = createServer();
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(startEmulator(() => undefined, { port })).rejects.toThrow(
      new Trouble(`port ${port} is taken: choose another with --port, or none`),
    );
  });

  it('is never anywhere but on this machine, whatever the caller has exported', () => {
    process.env['AWS_PROFILE'] = 'prod';
    try {
      expect(localEnvironment('http://127.0.0.1:4566')).not.toHaveProperty('AWS_PROFILE');
      expect(() => localEnvironment('https://events.us-east-1.amazonaws.com')).toThrow('is not on this machine');
    } finally {
      delete process.env['AWS_PROFILE'];
    }
  });
});

describe('a deploy that fails', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'logistics-failing-sam-'));
  const sam = process.env['SAM_PYTHON'];
  afterAll(() => {
    process.env['SAM_PYTHON'] = sam;
    rmSync(folder, { recursive: true, force: true });
  });

  it('is told with the last lines of SAM, and leaves no emulator running', async () => {
    const failing = path.join(folder, 'python');
    writeFileSync(failing, '#!/bin/sh\necho "Error: Failed to create the changeset" >&2\nexit 1\n');
    chmodSync(failing, 0o755);
    process.env['SAM_PYTHON'] = failing;
    let endpoint = '';
    const started = startLocalStack(
      0,
      (what) => (endpoint = /http:\S+/.exec(what)?.[0] ?? endpoint),
      () => undefined,
    );
    await expect(started).rejects.toThrow(
      /^sam build failed \(exit code 1\):\n {2}Error: Failed to create the changeset$/,
    );
    expect(endpoint).not.toBe('');
    await expect(fetch(endpoint)).rejects.toThrow();
  }, 60_000);
});
