/** Environment variables of the handlers, in which each resource has a telling name. */
export const HANDLER_ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  ENVIRONMENT: 'dev',
  SHIPMENT_EVENTS_TABLE: 'events',
  SHIPMENTS_TABLE: 'shipments',
  ERROR_EVENTS_TABLE: 'errors',
  PROCESSING_TOPIC_ARN: 'arn:processing',
  ALERTS_TOPIC_ARN: 'arn:alerts',
  EVENT_BUS_NAME: 'bus',
  EVENT_RETENTION_DAYS: '0',
  CARRIERS_PARAMETER: '/logistics/carriers-dev',
  STALLED_AFTER_DAYS: '3',
};
