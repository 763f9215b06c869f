// Nothing waits for a start of it: it is not primed.
export { handler } from '../handlers/stalled-shipments';
