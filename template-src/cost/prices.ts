/**
 * List prices of us-east-1 in dollars, before any discount, as public price lists of 2026 quote them (looked up in November 2026).
 * AWS's own price pages are the ones that count; what stands under `unverified` was found in no list at hand and is from memory.
 */
export const PRICES = {
  keyMonth: 1,
  keyRequest: 0.03 / 10_000,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  metricMonth: 0.3,
  logsGigabyte: 0.5,
  busEvent: 1 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  /** On arm64. */
  lambdaGigabyteSecond: 0.0000133334,
  writeUnit: 0.625 / 1e6,
  unverified: {
    topicMessage: 0.5 / 1e6,
    queueRequest: 0.4 / 1e6,
    workflowTransition: 25 / 1e6,
    archiveGigabyte: 0.1,
    tableGigabyteMonth: 0.25,
    restorableGigabyteMonth: 0.2,
  },
} as const;

/** What an account has for nothing each month, if nothing else in it uses it; Lambda's and SNS's free requests are left out. */
export const FREE = { alarms: 10, dashboards: 3, metrics: 10 } as const;
