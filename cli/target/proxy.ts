/**
 * Proxies on the way to AWS, as HTTPS_PROXY, HTTP_PROXY and NO_PROXY name them. The AWS SDK takes agents and no variables
 * (docs.aws.amazon.com: sdk-for-javascript/v3/developer-guide/node-configuring-proxies); those of Node.js read them from 22.21 and 24.5 on.
 */
import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { UserError } from '../../lib/user-error.mjs';

const NAMES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

const isSupported = process.allowedNodeEnvironmentFlags.has('--use-env-proxy');

/**
 * Settings of the SDK's request handler; none when neither certificates nor a proxy are named, or Node.js cannot use one.
 * @throws UserError naming the variable when a proxy is no URL, or the certificates cannot be read
 */
export function agents(env: NodeJS.ProcessEnv = process.env) {
  const named = isSupported ? NAMES.filter((name) => env[name]) : [];
  const ca = caBundle(env);
  if (named.length === 0 && !ca) return {};
  const proxies = named.map((name) => [name, proxyOf(name, env[name] ?? '')]);
  // As the SDK's own agents are.
  const options = {
    keepAlive: true,
    maxSockets: 50,
    ...(named.length > 0 && { proxyEnv: { ...env, ...Object.fromEntries(proxies) } }),
  };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent({ ...options, ...(ca && { ca }) }) };
}

/**
 * Certificates that AWS's are held to in place of Node.js's own, as AWS_CA_BUNDLE names their file: the AWS CLI reads it, the AWS SDK does not
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

/** Like the AWS CLI: Node.js passes over a proxy without a scheme, or with one in capitals. The value may have a password, so no error has it. */
function proxyOf(name: string, value: string): string {
  const url = value.replace(/^(?!\w+:\/\/)/, 'http://').replace(/^\w+/, (scheme) => scheme.toLowerCase());
  if (URL.canParse(url)) return url;
  throw new UserError(`${name} is no URL: give one like http://proxy:3128`);
}

/** Says that the proxy to AWS is not used, and why; undefined when it is, or there is none. */
export function unusedProxy(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const [name] = NAMES.filter((each) => each.toUpperCase() === 'HTTPS_PROXY' && env[each]);
  if (!name) return undefined;
  if (!isSupported) return `${name} is not used: Node.js ${process.version} cannot, 22.21 and 24.5 can`;
  const [, scheme] = /^(\w+):\/\//.exec(env[name] ?? '') ?? [];
  if (!scheme || /^https?$/i.test(scheme)) return undefined;
  return `${name} is not used: its scheme is ${scheme}, and it must be http or https`;
}
