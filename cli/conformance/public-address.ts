/** The function URL that carrier platforms call. */
import { CARRIER_NAMES } from '../../contracts/carriers';
import { type Claim, notTried, verdict } from './claim';

export const publicAddress: readonly Claim[] = [
  {
    id: 'public-address',
    sentence:
      'Anyone can call a function URL without authorization by its two permissions, and a role with ssm:GetParameter alone reads a parameter that the key of AWS encrypts.',
    source:
      'decision 34; Lambda developer guide, "Control access to Lambda function URLs"; Systems Manager user guide, "Restricting decryption of SecureString parameter values"',
    how: "a GET, which the function answers with 405, and a webhook without a signature, which it answers with 401 once it has read the carriers' parameter",
    needs: 'CarrierWebhooks',
    async try({ stack, target }) {
      if (target.lambda.config.isCustomEndpoint) return notTried('at another endpoint than AWS its URL has no address');
      const url = new URL(CARRIER_NAMES[0], stack.outputs.get('CarrierWebhookUrl'));
      const call = (method: string) => fetch(url, { method, signal: AbortSignal.timeout(30_000) });
      const [got, posted] = [(await call('GET')).status, (await call('POST')).status];
      const hint = posted === 502 ? ': doctor says whether the parameter is there' : '';
      return verdict(got === 405 && posted === 401, `GET was answered with ${got}, POST with ${posted}${hint}`);
    },
  },
];
