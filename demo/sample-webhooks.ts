import { readFileSync } from 'node:fs';
import { CARRIER_NAMES, type CarrierName } from '../contracts/carriers';
import type { Status } from '../contracts/statuses';
import { postWebhook, signedBy } from '../local/carriers';
import type { LocalStack } from '../local/stack';

/** The shipment of each platform's webhook, and the history that it must have afterwards. */
const HISTORIES: Readonly<Record<CarrierName, { readonly shipment: string; readonly statuses: readonly Status[] }>> = {
  easypost: { shipment: 'EZ4000000021', statuses: ['pending', 'in_transit', 'out_for_delivery', 'delivered'] },
  shippo: { shipment: '1Z204E380338943508', statuses: ['pending', 'in_transit'] },
  aftership: { shipment: 'AS7720031455', statuses: ['in_transit', 'failed'] },
};

export interface SentWebhook {
  readonly platform: CarrierName;
  readonly shipment: string;
  readonly statuses: readonly Status[];
  readonly answer: number;
}

/** Posts the webhook of each platform (`demo/webhooks/`) to the deployed function, with the platform's signature. */
export const sendWebhooks = (stack: Pick<LocalStack, 'carriersAddress'>): Promise<SentWebhook[]> =>
  Promise.all(
    CARRIER_NAMES.map(async (platform) => {
      const body = readFileSync(`demo/webhooks/${platform}.json`, 'utf8');
      const { status } = await postWebhook(`${stack.carriersAddress}/${platform}`, body, signedBy(platform, body));
      return { platform, ...HISTORIES[platform], answer: status };
    }),
  );
