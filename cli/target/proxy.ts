/**
 * Proxies from HTTPS_PROXY, HTTP_PROXY and NO_PROXY. The AWS SDK does not read these variables, but accepts agents
 * (docs.aws.amazon.com: sdk-for-javascript/v3/developer-guide/node-configuring-proxies). Node.js's agents support them since 22.21 and 24.5.
 */
import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { UserError } from '../../lib/user-error.mjs';

const NAMES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

const isSupported = process.allowedNodeEnvironmentFlags.has('--use-env-proxy');

/**
 * Settings of the SDK's request handler for a proxy and for certificates.
 * @throws UserError naming the variable when a proxy is not a URL or the certificates cannot be read
 */
export function agents(env: NodeJS.ProcessEnv = process.env) {
  const names = isSupported ? NAMES.filter((name) => env[name]) : [];
  const ca = caBundle(env);
  if (names.length === 0 && !ca) return {};
  const proxies = names.map((name) => [name, proxyOf(name, env[name] ?? '')]);
  // The SDK's defaults.
  const options = {
    keepAlive: true,
    maxSockets: 50,
    ...(names.length > 0 && { proxyEnv: { ...env, ...Object.fromEntries(proxies) } }),
  };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent({ ...options, ...(ca && { ca }) }) };
}

/**
 * CA certificates that replace Node.js's, from the file in AWS_CA_BUNDLE. The AWS CLI reads this variable, the AWS SDK does not
 * (docs.aws.amazon.com: cli/latest/userguide/cli-configure-envvars).
 */
function caBundle({ AWS_CA_BUNDLE: file }: NodeJS.ProcessEnv): Buffer | undefined {
  if (!file) return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(`AWS_CA_BUNDLE cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** A proxy's URL. Like the AWS CLI, accepts one without a scheme or with a scheme in capitals. Errors omit the value, which may have a password. */
function proxyOf(name: string, value: string): string {
  const url = value.replace(/^(?!\w+:\/\/)/, 'http://').replace(/^\w+/, (scheme) => scheme.toLowerCase());
  if (URL.canParse(url)) return url;
  throw new UserError(`${name} is no URL: give one like http://proxy:3128`);
}
