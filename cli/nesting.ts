import { isDeeperThan, type Json } from '../src/domain/json';

/** Far beyond any honest event, and far from where writing JSON ends the stack. */
const MAX_LEVELS = 1_000;

/** True when a value that was read as JSON cannot safely be written as JSON again: reading has no such limit. */
export const isTooDeep = (value: Json) => isDeeperThan(value, MAX_LEVELS);
