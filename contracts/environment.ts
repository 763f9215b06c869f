/** The environment variables each function is given by the template and reads at start. Values are strings, as Lambda passes them. */
import type { FunctionKey } from './functions';

/** Of a function that records its failures. */
const RECORDING_FUNCTION = ['ENVIRONMENT', 'ERROR_EVENTS_TABLE'] as const;

const EVENT_FUNCTION = [...RECORDING_FUNCTION, 'PROCESSING_TOPIC_ARN'] as const;

const SHIPMENT_FUNCTION = [
  ...EVENT_FUNCTION,
  'SHIPMENT_EVENTS_TABLE',
  'SHIPMENTS_TABLE',
  'EVENT_BUS_NAME',
  /** Days that a row of the log is kept; `0` for ever. */
  'EVENT_RETENTION_DAYS',
] as const;

export const ENVIRONMENT_VARIABLES = {
  'shipment-processor': SHIPMENT_FUNCTION,
  'status-updater': SHIPMENT_FUNCTION,
  'notification-handler': [...EVENT_FUNCTION, 'ALERTS_TOPIC_ARN'],
  'status-publisher': [...RECORDING_FUNCTION, 'EVENT_BUS_NAME'],
  'carrier-webhook': ['ENVIRONMENT', 'EVENT_BUS_NAME', 'CARRIERS_PARAMETER'],
} as const satisfies Record<FunctionKey, readonly string[]>;

export type EnvironmentVariable<K extends FunctionKey> = (typeof ENVIRONMENT_VARIABLES)[K][number];
