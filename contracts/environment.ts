/** The environment variables that the template sets for each function, which reads them at start. Lambda passes strings. */
import type { FunctionKey } from './functions';

const RECORDS_FAILURES = ['ENVIRONMENT', 'ERROR_EVENTS_TABLE'] as const;

const EVENT_FUNCTION = [...RECORDS_FAILURES, 'PROCESSING_TOPIC_ARN'] as const;

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
  'status-publisher': [...RECORDS_FAILURES, 'EVENT_BUS_NAME'],
  'stalled-shipments': [
    'ENVIRONMENT',
    'SHIPMENTS_TABLE',
    'EVENT_BUS_NAME',
    'PROCESSING_TOPIC_ARN',
    /** Days without a newer event after which an open shipment is reported; `0` for never. */
    'STALLED_AFTER_DAYS',
  ],
  'carrier-webhook': ['ENVIRONMENT', 'EVENT_BUS_NAME', 'CARRIERS_PARAMETER'],
} as const satisfies Record<FunctionKey, readonly string[]>;

export type EnvironmentVariable<K extends FunctionKey> = (typeof ENVIRONMENT_VARIABLES)[K][number];
