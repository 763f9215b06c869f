import { Trouble } from './trouble.mjs';

/** @throws Trouble unless the endpoint, if one is given, is this machine's */
export function assertLocal(endpoint) {
  if (endpoint && !/^http:\/\/(127\.0\.0\.1|localhost):\d+\/?$/.test(endpoint))
    throw new Trouble(`DYNAMODB_LOCAL is ${endpoint}: name an engine on this machine, like http://127.0.0.1:8000`, 2);
}
