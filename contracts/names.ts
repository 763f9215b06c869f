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
  /** The parameter of Systems Manager that holds the carriers' secrets. */
  carriersParameter: '/logistics/carriers',
  topicKeyAlias: 'alias/logistics-topics',
  dataKeyAlias: 'alias/logistics-data',
  /** The permissions boundary of the roles in a stack that GitHub deploys; .github/deploy-role.yaml creates it. */
  boundary: 'logistics-boundary',
} as const;

/** Prefix of the ids of a smoke test's shipment and event. */
export const SMOKE_PREFIX = 'smoke-';

/** Pattern of an environment's suffix, and the same in words. */
export const ENVIRONMENT_SUFFIX = {
  pattern: '^[a-z0-9-]{1,20}$',
  words: '1 to 20 lower-case letters, digits and hyphens',
} as const;

/** A resource's name in one environment: `inEnvironment('logistics-events', 'dev')` is `logistics-events-dev`. */
export const inEnvironment = (name: string, environment: string) => `${name}-${environment}`;
