/**
 * List prices of us-east-1 in dollars, without discounts or free amounts, from public sources that quote AWS (looked up in November 2026).
 * AWS's own pages, aws.amazon.com/<service>/pricing, are authoritative.
 */
export const PRICES = {
  keyMonth: 1,
  keyRequest: 0.03 / 10_000,
  /** For each metric that an alarm watches; several guides to CloudWatch's prices, 2026. */
  alarmMetricMonth: 0.1,
  dashboardMonth: 3,
  metricMonth: 0.3,
  logsGigabyte: 0.5,
  busEvent: 1 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  /** On arm64. */
  lambdaGigabyteSecond: 0.0000133334,
  writeUnit: 0.625 / 1e6,
  /** A publish to a standard topic, up to 64 KB; factualminds.com on SNS prices, June 2026. */
  topicMessage: 0.5 / 1e6,
  /** To archive a gigabyte, and to store it for a month; several sources that quote aws.amazon.com/eventbridge/pricing, 2026. */
  archiveGigabyte: 0.1,
  archiveGigabyteMonth: 0.023,
  /** aws.amazon.com/dynamodb/pricing. */
  tableGigabyteMonth: 0.25,
  /** AWS's price list (`TimedPITRStorage-ByteHrs`) as quoted in September 2026. */
  restorableGigabyteMonth: 0.2,
} as const;

/** An account's free amounts each month, if nothing else in it uses them. Free requests and gigabytes are not counted. */
export const FREE = { alarmMetrics: 10, dashboards: 3, metrics: 10 } as const;
