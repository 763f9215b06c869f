/** The carrier platforms whose webhooks are accepted. A name is the last part of the webhook's address and a dimension of its metrics. */
export const CARRIER_NAMES = ['easypost', 'shippo', 'aftership'] as const;

export type CarrierName = (typeof CARRIER_NAMES)[number];
