/** Resource names without the environment's suffix. The functions' own names are in functions.ts. */
export const APPLICATION = 'logistics-event-processor';

export const NAMES = {
  bus: 'logistics-events',
  archive: 'logistics-archive',
  alertsTopic: 'logistics-alerts',
  processingTopic: 'logistics-processing',
  unroutedQueue: 'logistics-unrouted',
  unroutedRule: 'logistics-unrouted',
  dashboard: 'logistics',
} as const;

/** A resource's name in one environment: `inEnvironment('logistics-events', 'dev')` is `logistics-events-dev`. */
export const inEnvironment = (name: string, environment: string) => `${name}-${environment}`;
