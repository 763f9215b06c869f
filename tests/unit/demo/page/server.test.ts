import type { RequestOptions } from 'node:http';
import { Refusal } from '../../../../demo/page/guard';
import { type PageServer, startPageServer } from '../../../../demo/page/server';
import { ask } from '../../../../local/ask';

let server: PageServer;
let origin: string;
let key: string;
const take = jest.fn(async (body: unknown) => body);

beforeAll(async () => {
  server = await startPageServer({
    get: {
      '/api/echo': async (query) => ({ word: query.get('word') }),
      '/api/broken': () => Promise.reject(new Error('connect ECONNREFUSED')),
    },
    post: {
      '/api/take': take,
      '/api/refuse': () => Promise.reject(new Refusal(422, 'detail.status is missing')),
    },
  });
  [origin = '', key = ''] = server.url.split('/#');
});

afterAll(() => server.close());

/** Sends a request with the page's key. Headers may be a list of alternating names and values, which can repeat one. */
function send(path: string, { headers = {}, ...options }: RequestOptions = {}, body = '') {
  const withKey = Array.isArray(headers) ? ['x-page-key', key, ...headers] : { 'x-page-key': key, ...headers };
  return ask(origin, { ...options, path, headers: withKey }, body);
}

describe('the page’s server', () => {
  it('listens on loopback only, and serves the page and its files with a policy that allows only its own scripts', async () => {
    const { status, headers, body } = await send('/');
    const files = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => `/${file}`);

    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]{32}$/);
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(files).toContain('/page.js');
    for (const file of files) expect(await send(file)).toMatchObject({ status: 200 });
  });

  it.each<[string, (own: string) => RequestOptions['headers']]>([
    ['a foreign name that resolves to this machine', () => ({ host: 'attacker.example' })],
    ['our address without our port', () => ({ host: '127.0.0.1' })],
    ['another origin', () => ({ origin: 'http://localhost:3000' })],
    ['an opaque origin', () => ({ origin: 'null' })],
    ['another port of this machine', () => ({ 'sec-fetch-site': 'same-site' })],
    ['another site', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['two Hosts, ours first', (own) => ['Host', own, 'Host', 'attacker.example']],
    ['two Hosts, ours last', (own) => ['Host', 'attacker.example', 'Host', own]],
    ['two Hosts, both ours', (own) => ['Host', own, 'Host', own]],
  ])('refuses a request from %s', async (_, headersWith) => {
    const headers = headersWith(origin.replace('http://', '')) ?? {};

    expect(await send('/', { headers })).toMatchObject({ status: 403 });
    expect(await send('/api/echo', { headers })).toMatchObject({ status: 403 });
  });

  it.each(['http://attacker.example', '//attacker.example', '/\\attacker.example', '*?', 'api'])(
    'refuses the target %s/api/echo, which is not a path',
    async (target) => {
      const headers = { host: origin.replace('http://', '') };

      expect(await send(`${target}/api/echo`, { headers })).toMatchObject({ status: 400 });
    },
  );

  it.each(['', '0'.repeat(32), 'é'.repeat(32)])('refuses data to a request with the wrong key %j', async (wrongKey) => {
    const headers = { 'x-page-key': wrongKey };

    expect(await send('/api/echo', { headers })).toMatchObject({ status: 403 });
    expect(await send('/api/take', { method: 'POST', headers }, '{}')).toMatchObject({ status: 403 });
    expect(take).not.toHaveBeenCalled();
  });

  it('accepts localhost as its name', async () => {
    const host = origin.replace('http://127.0.0.1', 'localhost');
    expect(await send('/', { headers: { host } })).toMatchObject({ status: 200 });
  });

  it.each([
    ['GET', '/api/echo?word=a%20b', 200, { word: 'a b' }],
    ['POST', '/api/take', 200, { a: 1 }],
    ['POST', '/api/refuse', 422, { error: 'detail.status is missing' }],
    ['GET', '/api/broken', 502, { error: 'the embedded AWS does not answer: connect ECONNREFUSED' }],
    ['GET', '/%2e%2e/package.json', 404, { error: 'GET /package.json does not exist' }],
    ['GET', '/api/take', 404, { error: 'GET /api/take does not exist' }],
    ['DELETE', '/', 404, { error: 'DELETE / does not exist' }],
  ])('answers its own page’s %s %s with %i', async (method, path, status, answer) => {
    const headers = { origin, 'sec-fetch-site': 'same-origin' };
    const answered = await send(path, { method, headers }, method === 'POST' ? '{"a":1}' : '');

    expect(answered.status).toBe(status);
    expect(JSON.parse(answered.body)).toEqual(answer);
  });

  it.each(['{"a":', ''])('refuses the body %j', async (body) => {
    expect(await send('/api/take', { method: 'POST' }, body)).toMatchObject({ status: 400 });
  });
});
