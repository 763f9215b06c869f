/** Signature Version 4: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { CREDENTIALS, REGION } from './environment';

interface HttpRequest {
  readonly method?: string | undefined;
  /** Path and query. */
  readonly url?: string | undefined;
  /** Keys are lower-case names. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer | string;
}

interface Authorization {
  /** `<access key id>/<scope>`. */
  readonly credential: string;
  /** `<day>/<region>/<service>/aws4_request`. */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest();

function authorizationOf({ authorization = '' }: IncomingHttpHeaders): Authorization | undefined {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+\/(\d{8}\/[^/,]+\/[^/,]+\/aws4_request)), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (!parts) return undefined;
  const [, credential = '', scope = '', names = '', signature = ''] = parts;
  return { credential, scope, signedHeaders: names.split(';'), signature };
}

function signatureOf(request: HttpRequest, { scope, signedHeaders }: Omit<Authorization, 'signature'>): string {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const canonical = [
    request.method,
    path.split('/').map(encode).join('/'),
    [...new URLSearchParams(query)]
      .map((pair) => pair.map(encode).join('='))
      .sort()
      .join('&'),
    ...signedHeaders.map((name) => `${name}:${oneLine(request.headers[name])}`),
    ...['', signedHeaders.join(';'), sha256(request.body)],
  ].join('\n');
  const key = scope.split('/').reduce<Buffer | string>(hmac, `AWS4${CREDENTIALS.secretAccessKey}`);
  const text = [ALGORITHM, request.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  return hmac(key, text).toString('hex');
}

const oneLine = (value: unknown) =>
  String(value ?? '')
    .trim()
    .replaceAll(/ +/g, ' ');

/** AWS encodes everything but letters, digits and `-_.~`. */
const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * True for a request signed with this process's secret, whatever its key id. The signature must cover the host, every `x-amz-*` header and
 * the body; it does not expire.
 */
export function isSigned(request: HttpRequest): boolean {
  const authorization = authorizationOf(request.headers);
  if (!authorization) return false;
  const digest = sha256(request.body);
  if ((request.headers['x-amz-content-sha256'] ?? digest) !== digest) return false;
  const covered = Object.keys(request.headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  if (!covered.every((name) => authorization.signedHeaders.includes(name))) return false;
  return timingSafeEqual(Buffer.from(authorization.signature), Buffer.from(signatureOf(request, authorization)));
}

/** The headers of a signed request, signed again for another host. */
export function signedFor(host: string, request: HttpRequest): IncomingHttpHeaders {
  const headers = { ...request.headers, host };
  const authorization = authorizationOf(headers);
  return authorization
    ? { ...headers, authorization: authorizationHeader({ ...request, headers }, authorization) }
    : headers;
}

/** Headers of a signed GET to MiniStack's own API. */
export const signedGet = (url: URL) => signed('local', 'GET', url);

/** Headers of a request to a service, signed with this process's access key. */
export function signed(
  service: string,
  method: string,
  { host, pathname: url }: URL,
  body: Buffer | string = '',
): OutgoingHttpHeaders {
  const time = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const headers = { host, 'x-amz-date': time };
  const scope = `${time.slice(0, 8)}/${REGION}/${service}/aws4_request`;
  const credential = `${CREDENTIALS.accessKeyId}/${scope}`;
  const request = { method, url, headers, body };
  return {
    ...headers,
    authorization: authorizationHeader(request, { credential, scope, signedHeaders: Object.keys(headers) }),
  };
}

const authorizationHeader = (request: HttpRequest, authorization: Omit<Authorization, 'signature'>) =>
  `${ALGORITHM} Credential=${authorization.credential}, SignedHeaders=${authorization.signedHeaders.join(';')}, Signature=${signatureOf(request, authorization)}`;
