/** The carrier platforms whose webhooks are taken: the last part of their address, and the dimension of their metrics. */
export const CARRIER_NAMES = ['easypost', 'shippo', 'aftership'] as const;

export type CarrierName = (typeof CARRIER_NAMES)[number];
