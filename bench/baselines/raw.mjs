/** The lower limit: the same calls over node:https, signed by hand (Signature Version 4), without validation, logs or retries. */
import { createHash, createHmac } from 'node:crypto';
import https from 'node:https';
import { plainHandler } from './calls.mjs';

const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL } = process.env;
const { hostname, port, host } = new URL(AWS_ENDPOINT_URL);
// On AWS each service has its own host and connections.
const agents = { dynamodb: new https.Agent({ keepAlive: true }), sns: new https.Agent({ keepAlive: true }) };

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

function signed(service, headers, body) {
  const time = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const scope = [time.slice(0, 8), AWS_REGION, service, 'aws4_request'];
  const all = { host, 'x-amz-date': time, 'x-amz-security-token': AWS_SESSION_TOKEN, ...headers };
  const names = Object.keys(all).sort();
  const canonical = [
    ...['POST', '/', '', ...names.map((name) => `${name}:${all[name]}`)],
    ...['', names.join(';'), sha256(body)],
  ].join('\n');
  const key = scope.reduce(hmac, `AWS4${AWS_SECRET_ACCESS_KEY}`);
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  const signature = createHmac('sha256', key).update(text).digest('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...all, authorization, 'content-length': Buffer.byteLength(body) };
}

function post(service, headers, body) {
  return new Promise((resolve, reject) => {
    const options = { agent: agents[service], hostname, port, method: 'POST', headers: signed(service, headers, body) };
    const request = https.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

const dynamodb = (operation, input) =>
  post(
    'dynamodb',
    { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
    JSON.stringify(input),
  );

export const handler = plainHandler({
  putItem: (input) => dynamodb('PutItem', input),
  updateItem: (input) => dynamodb('UpdateItem', input),
  publish: (input) =>
    post(
      'sns',
      { 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', ...input }).toString(),
    ),
});
