// A platform calls again: it is not primed.
export { handler } from '../handlers/carrier-webhook';
