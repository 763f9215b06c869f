import { request } from 'node:http';
import { Refusal } from '../../../../demo/page/refusal';
import { type PageServer, startPageServer } from '../../../../demo/page/server';

let server: PageServer;
let origin: string;
let key: string;
const posted: unknown[] = [];

beforeAll(async () => {
  server = await startPageServer({
    get: {
      '/api/echo': async (query) => ({ word: query.get('word') }),
      '/api/broken': () => Promise.reject(new Error('connect ECONNREFUSED')),
    },
    post: {
      '/api/take': async (body) => posted.push(body),
      '/api/refuse': () => Promise.reject(new Refusal(422, 'detail.status is missing')),
    },
  });
  [origin = '', key = ''] = server.url.split('/#');
});

afterAll(() => server.close());
beforeEach(() => posted.splice(0));

interface RequestOptions {
  readonly method?: string;
  /** An object, or a list of alternating names and values, which can repeat a header. */
  readonly headers?: Readonly<Record<string, string>> | readonly string[];
  readonly body?: string;
}

/** Sends a request with the page's key. Unlike fetch, it can send any Host and any target. */
function ask(path: string, { method = 'GET', headers: other = {}, body }: RequestOptions = {}) {
  const headers = Array.isArray(other) ? ['x-page-key', key, ...other] : { 'x-page-key': key, ...other };
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>((resolve, reject) => {
    const sent = request(origin, { path, method, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

const json = { 'content-type': 'application/json' };

describe('the page’s server', () => {
  it('listens on loopback only, and serves the page with a policy that allows only its own scripts', async () => {
    const { status, headers, text } = await ask('/');

    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]{32}$/);
    expect(status).toBe(200);
    expect(text).toContain('<title>Logistics event processor</title>');
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('serves every file that the page references', async () => {
    const { text } = await ask('/');
    const referenced = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => `/${file}`);
    const modules = await ask('/page.js');
    const imported = [...modules.text.matchAll(/from '\.(\/[^']+)'/g)].map(([, file]) => file ?? '');

    for (const file of [...referenced, ...imported]) expect(await ask(file)).toMatchObject({ status: 200 });
    expect(imported.length).toBeGreaterThan(0);
  });

  it('returns data as JSON', async () => {
    expect(await ask('/api/echo?word=a%20b')).toMatchObject({ status: 200, text: '{"word":"a b"}' });
  });

  it.each<[string, (own: string) => RequestOptions['headers']]>([
    ['a foreign name that resolves to this machine', () => ({ host: 'attacker.example' })],
    ['our address without our port', () => ({ host: '127.0.0.1' })],
    ['another origin', () => ({ origin: 'http://localhost:3000' })],
    ['another port of this machine', () => ({ 'sec-fetch-site': 'same-site' })],
    ['another site', () => ({ 'sec-fetch-site': 'cross-site' })],
    ['two Hosts, ours first', (own) => ['Host', own, 'Host', 'attacker.example']],
    ['two Hosts, ours last', (own) => ['Host', 'attacker.example', 'Host', own]],
    ['two Hosts, both ours', (own) => ['Host', own, 'Host', own]],
  ])('refuses a request from %s', async (_, headersWith) => {
    const headers = headersWith(origin.replace('http://', '')) ?? {};

    expect(await ask('/', { headers })).toMatchObject({ status: 403 });
    expect(await ask('/api/echo', { headers })).toMatchObject({ status: 403 });
  });

  it.each(['http://attacker.example', '//attacker.example', '/\\attacker.example', '*?', 'api'])(
    'refuses the target %s/api/echo, which is not a path',
    async (target) => {
      const headers = { host: origin.replace('http://', '') };

      expect(await ask(`${target}/api/echo`, { headers })).toMatchObject({ status: 400 });
    },
  );

  it.each(['', '0'.repeat(32), 'é'.repeat(32)])('refuses data to a request with the wrong key %j', async (wrongKey) => {
    const headers = { ...json, 'x-page-key': wrongKey };

    expect(await ask('/api/echo', { headers })).toMatchObject({ status: 403 });
    expect(await ask('/api/take', { method: 'POST', headers, body: '{}' })).toMatchObject({ status: 403 });
    expect(posted).toEqual([]);
  });

  it('accepts localhost as its name', async () => {
    const host = origin.replace('http://127.0.0.1', 'localhost');
    expect(await ask('/', { headers: { host } })).toMatchObject({ status: 200 });
  });

  it('accepts JSON that its own page posts', async () => {
    const answer = await ask('/api/take', {
      method: 'POST',
      headers: { ...json, origin, 'sec-fetch-site': 'same-origin' },
      body: '{"a":1}',
    });

    expect(answer.status).toBe(200);
    expect(posted).toEqual([{ a: 1 }]);
  });

  it.each([
    ['from another page', { ...json, origin: 'http://attacker.example' }, '{}', 403],
    ['from a page with an opaque origin', { ...json, origin: 'null' }, '{}', 403],
    ['of a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=1', 415],
    ['of text whose content type mentions JSON', { 'content-type': 'text/plain; x=application/json' }, '{}', 415],
    ['of malformed JSON', json, '{"a":', 400],
    ['with an empty body', json, '', 400],
    ['with too large a body', json, JSON.stringify('x'.repeat(300_000)), 413],
  ])('refuses a post %s', async (_, headers, body, status) => {
    const answer = await ask('/api/take', { method: 'POST', headers, body });

    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text).error).toEqual(expect.any(String));
    expect(posted).toEqual([]);
  });

  it('returns the message of a refusal', async () => {
    const answer = await ask('/api/refuse', { method: 'POST', headers: json, body: '{}' });
    expect(answer).toMatchObject({ status: 422, text: '{"error":"detail.status is missing"}' });
  });

  it.each([
    ['GET', '/nothing', 404],
    ['GET', '/%2e%2e/package.json', 404],
    ['GET', '/api/take', 405],
    ['POST', '/api/echo', 405],
    ['DELETE', '/', 405],
  ])('answers %s %s with %i', async (method, path, status) => {
    const body = method === 'POST' ? { headers: json, body: '{}' } : {};
    expect(await ask(path, { method, ...body })).toMatchObject({ status });
  });

  it('reports that the embedded AWS does not answer', async () => {
    const { status, text } = await ask('/api/broken');

    expect(status).toBe(502);
    expect(JSON.parse(text).error).toBe('the embedded AWS does not answer: connect ECONNREFUSED');
  });
});
