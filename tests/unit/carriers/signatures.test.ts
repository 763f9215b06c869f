/** The platforms' signatures: secrets, signed bytes and timestamps. */
import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { CARRIERS, type CarrierName, type WebhookRequest } from '../../../carriers/carriers';
import { signedBy } from '../../../local/carriers';
import { PLATFORMS, signedRequest } from '../../support/builders/webhooks';

const NOW = Date.UTC(2026, 2, 4, 12);
const NAMES = Object.keys(CARRIERS) as CarrierName[];

/** The next digit of base64. In the last digit for 32 bytes it differs in bits that decoders ignore. */
const nextDigit = (digit: string) => {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return digits[digits.indexOf(digit) + 1];
};

const request = (name: CarrierName, now = NOW) => signedRequest(name, PLATFORMS[name].webhook('T1', []), 'secret', now);

const verdict = (name: CarrierName, signed: WebhookRequest, secrets: readonly string[] = ['secret']) =>
  CARRIERS[name].verify(signed, secrets, NOW);

const isValid = (name: CarrierName, signed: WebhookRequest) => verdict(name, signed).valid;

describe.each(NAMES)('%s', (name) => {
  it('accepts a signature with any of the secrets', () => {
    for (const secrets of [['secret'], ['new', 'secret'], ['secret', 'new']])
      expect(verdict(name, request(name), secrets)).toEqual({ valid: true });
  });

  it.each([
    ['no secret', []],
    ['other secrets', ['old', 'Secret']],
    ['an empty secret, with which anyone could sign', ['']],
  ])('rejects a signature when it has %s', (_, secrets) => {
    const forged = signedRequest(name, PLATFORMS[name].webhook('T1', []), secrets.includes('') ? '' : 'secret', NOW);

    expect(verdict(name, forged, secrets)).toEqual({
      valid: false,
      reason: expect.stringContaining('configured secret'),
    });
  });

  it('rejects a body with one changed byte', () => {
    const { headers, body } = request(name);
    const changed = Buffer.from(body);
    changed[body.length - 2] = 0x20;

    expect(isValid(name, { headers, body: changed })).toBe(false);
  });

  it('names the missing header', () => {
    expect(verdict(name, { headers: {}, body: request(name).body })).toEqual({
      valid: false,
      reason: expect.stringMatching(/^the header [a-z0-9-]+ is missing$/),
    });
  });

  it.each(['', 'hmac-sha256-hex=', 't=,v1=', 't=1,v1=zz', 'é'.repeat(50_000)])('rejects bad header %#', (value) => {
    const { headers, body } = request(name);
    const garbage = Object.fromEntries(Object.keys(headers).map((header) => [header, value]));

    expect(isValid(name, { headers: garbage, body })).toBe(false);
  });
});

describe('a changed signature', () => {
  const upper = (value: string) => value.replace(/[\da-f]{64}/, (hex) => hex.toUpperCase());

  it.each<[CarrierName, string, boolean, (value: string) => string]>([
    ['shippo', 'an additional digit', false, (value) => `${value}f`],
    ['shippo', 'text after its time', false, (value) => value.replace(',', 'xyz,')],
    ['shippo', 'text before its time', false, (value) => value.replace('t=', 't= ')],
    ['shippo', 'upper-case digits', true, upper],
    ['shippo', 'other elements', true, (value) => `v0=1, ${value.split(',').reverse().join(' , ')},v2=f`],
    ['easypost', 'an additional digit', false, (value) => `${value}f`],
    ['easypost', 'another algorithm', false, (value) => value.replace('sha256', 'sha512')],
    ['easypost', 'upper-case digits', true, upper],
    ['aftership', 'more padding and text', false, (value) => `${value}====!!`],
    ['aftership', 'less padding', false, (value) => value.slice(0, -1)],
    ['aftership', 'text that decoders ignore', false, (value) => `!${value}`],
    ['aftership', 'surplus bits', false, (value) => value.replace(/.=$/, (end) => `${nextDigit(end[0] ?? '')}=`)],
  ])('of %s with %s is valid: %s', (name, _, valid, change) => {
    const { headers, body } = request(name);
    const changed = Object.fromEntries(
      Object.entries(headers).map(([header, value]) => [
        header,
        header === 'content-type' ? value : change(String(value)),
      ]),
    );

    expect(isValid(name, { headers: changed, body })).toBe(valid);
  });
});

describe('a signed timestamp', () => {
  it.each([
    [-5, true],
    [-5.1, false],
    [5, true],
    [5.1, false],
  ])('of Shippo %d minutes from now is valid: %s', (minutes, valid) => {
    expect(isValid('shippo', request('shippo', NOW + minutes * 60_000))).toBe(valid);
  });

  it('of Shippo is part of the signed content', () => {
    const { headers, body } = request('shippo', NOW - 3_600_000);
    const signature = String(headers['shippo-auth-signature']).split('v1=')[1];
    const fresh = { 'shippo-auth-signature': `t=${NOW / 1_000},v1=${signature}` };

    expect(isValid('shippo', { headers: fresh, body })).toBe(false);
  });
});

describe("EasyPost's newer signature", () => {
  const { body } = request('easypost');

  const newer = (timestamp: string, path = '/easypost', signedPath = path) => {
    const signature = createHmac('sha256', 'secret').update(timestamp).update('POST').update(signedPath).update(body);
    return {
      ...request('easypost').headers,
      'x-timestamp': timestamp,
      'x-path': path,
      'x-hmac-signature-v2': `hmac-sha256-hex=${signature.digest('hex')}`,
    };
  };

  it.each([
    ['now', 'Wed, 04 Mar 2026 12:00:00 -0000', true],
    ['ten minutes ago', 'Wed, 04 Mar 2026 11:50:00 +0000', false],
    ['now in another zone', 'Wed, 04 Mar 2026 13:00:00 +0100', true],
    ['without a time', '', false],
  ])('%s (%p) is valid: %s', (_, timestamp, valid) => {
    expect(isValid('easypost', { headers: newer(timestamp), body })).toBe(valid);
  });

  it('covers the path, and must match even when the older signature does', () => {
    const headers = newer('Wed, 04 Mar 2026 12:00:00 -0000', '/easypost', '/elsewhere');

    expect(isValid('easypost', { headers, body })).toBe(false);
  });
});

it('accepts the headers of node:http, and rejects a repeated one', () => {
  const { headers, body } = request('aftership');
  const fromNode: IncomingHttpHeaders = { ...headers, host: 'localhost', 'set-cookie': [] };
  const repeated = { 'aftership-hmac-sha256': Object.values(headers) as string[] };

  expect(isValid('aftership', { headers: fromNode, body })).toBe(true);
  expect(isValid('aftership', { headers: repeated, body })).toBe(false);
});

it("normalizes EasyPost's secret as its client libraries do", () => {
  const headers = signedBy('easypost', '{}', 'ﬁne'.normalize('NFKD'), NOW);

  expect(verdict('easypost', { headers, body: Buffer.from('{}') }, ['ﬁne'])).toEqual({ valid: true });
});
