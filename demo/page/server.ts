import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../../lib/user-error.mjs';
import { LOOPBACK } from '../../local/environment';
import { guard, Refusal, readJson } from './guard';

/** Handlers of the page's requests, by path. Each returns a value that is sent as JSON. */
interface PageApi {
  readonly get: Readonly<Record<string, (query: URLSearchParams) => Promise<unknown>>>;
  readonly post: Readonly<Record<string, (body: unknown) => Promise<unknown>>>;
}

export interface PageServer {
  /** With the key to the data behind the `#`, which browsers never send. */
  readonly url: string;
  close(): Promise<void>;
}

const ASSETS = 'demo/page/assets';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Serves the page and its data at a free port of the loopback address. */
export async function startPageServer(api: PageApi): Promise<PageServer> {
  const assets = readAssets();
  const key = randomBytes(16).toString('hex');
  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, LOOPBACK, resolve));
  const { port } = server.address() as AddressInfo;

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeaders(new Headers(HEADERS));
    try {
      const { pathname, searchParams } = addressOf(request);
      const asset = request.method === 'GET' ? assets.get(pathname) : undefined;
      guard(request, port, asset ? undefined : key);
      if (asset) response.setHeader('content-type', asset.type).end(asset.content);
      else sendJson(response, 200, await resultOf(request, pathname, searchParams));
    } catch (error) {
      if (error instanceof Refusal) sendJson(response, error.status, { error: error.message });
      else sendJson(response, 502, { error: toUserError(error) });
    }
  }

  async function resultOf(request: IncomingMessage, pathname: string, query: URLSearchParams): Promise<unknown> {
    const { method } = request;
    const [get, post] = [api.get[pathname], api.post[pathname]];
    if (method === 'GET' && get) return get(query);
    if (method === 'POST' && post) return post(await readJson(request));
    throw new Refusal(404, `${method} ${pathname} does not exist`);
  }

  return {
    url: `http://${LOOPBACK}:${port}/#${key}`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function addressOf({ url = '/' }: IncomingMessage): URL {
  const base = `http://${LOOPBACK}`;
  // Other targets name another server: `http://other/`, `//other/`, `/\\other/`.
  if (!/^\/(?![/\\])/.test(url) || !URL.canParse(url, base))
    throw new Refusal(400, 'the address must be a path of this server');
  return new URL(url, base);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
}

function toUserError(error: unknown): string {
  if (error instanceof UserError) return error.message;
  return `the embedded AWS does not answer: ${error instanceof Error ? error.message : error}`;
}

/** The page's files by path. Read once, so that no request can name a file. */
function readAssets(): ReadonlyMap<string, { type: string; content: Buffer }> {
  return new Map(
    readdirSync(ASSETS).map((file) => {
      const type = TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
      return [file === 'index.html' ? '/' : `/${file}`, { type, content: readFileSync(`${ASSETS}/${file}`) }];
    }),
  );
}
