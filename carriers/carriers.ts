import type { CarrierName } from '../contracts/carriers';
import { aftership } from './aftership';
import type { Carrier } from './carrier';
import { easypost } from './easypost';
import { shippo } from './shippo';

export type * from './carrier';
export { UnreadableWebhook } from './carrier';
export type { CarrierName };

export const CARRIERS = { easypost, shippo, aftership } as const satisfies Record<CarrierName, Carrier>;
