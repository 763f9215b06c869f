/** The carrier platforms whose webhooks can be read. */
import { aftership } from './aftership';
import type { Carrier } from './carrier';
import { easypost } from './easypost';
import { shippo } from './shippo';

export const CARRIERS = { easypost, shippo, aftership } as const satisfies Record<string, Carrier>;

export type CarrierName = keyof typeof CARRIERS;
