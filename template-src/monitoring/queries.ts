import QueryDefinition from 'cloudform-types/types/logs/queryDefinition';
import { FUNCTION_KEYS } from '../../contracts/functions';
import { ref, sub } from '../intrinsics';
import { functionIds } from '../logical-ids';
import type { Resources } from '../resources';

/** Saved queries of CloudWatch Logs Insights by name, each as its lines. */
export const QUERIES: Readonly<Record<string, { readonly id: string; readonly query: readonly string[] }>> = {
  'what failed': {
    id: 'WhatFailedQuery',
    query: [
      'fields @timestamp, service, error_type, error_name, error_message, shipment_id, event_id, function_request_id, error_stack',
      'filter level = "ERROR" and ispresent(error_type)',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  'rejections by reason': {
    id: 'RejectionsQuery',
    query: [
      'filter error_type in ["rejected", "conflict"]',
      'stats count_distinct(event_id) as rejected, count(*) as attempts by service, error_type, error_message',
      'sort rejected desc',
    ],
  },
  'one shipment': {
    id: 'OneShipmentQuery',
    query: [
      'fields @timestamp, service, message, outcome, status, superseded, notified, error_type, error_message, event_id, function_request_id, xray_trace_id',
      '# put the shipment in place of SHP-7',
      'filter shipment_id = "SHP-7" and ispresent(message)',
      'sort @timestamp asc',
    ],
  },
  'slowest events': {
    id: 'SlowestEventsQuery',
    query: [
      '# milliseconds from the bus to done; an event that was replayed or redriven is as old as it is',
      'fields @timestamp, service, EventAge, shipment_id, event_id, function_request_id, xray_trace_id',
      'filter ispresent(EventAge)',
      'sort EventAge desc',
      'limit 100',
    ],
  },
  'event age': {
    id: 'EventAgeQuery',
    query: [
      'filter ispresent(EventAge)',
      'stats pct(EventAge, 50) as p50, pct(EventAge, 99) as p99, max(EventAge) as longest, count(*) as events by bin(5m)',
    ],
  },
  'unexpected transitions': {
    id: 'UnexpectedMovesQuery',
    query: [
      'fields @timestamp, message, recorded_status, status, old_status, shipment_id, event_id, function_request_id',
      'filter level = "WARN"',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  "carriers' webhooks": {
    id: 'WebhooksQuery',
    query: [
      'fields @timestamp, platform, answer, message, events, unknown, unreadable, body_sha256, function_request_id',
      'filter service = "carrier-webhook" and ispresent(answer)',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  duplicates: {
    id: 'DuplicatesQuery',
    query: [
      'filter outcome = "duplicate"',
      'stats count(*) as repeated, max(@timestamp) as latest by service, shipment_id, event_id',
      'sort repeated desc',
      'limit 100',
    ],
  },
};

/** Each query searches the logs of all functions: an error of one is often another's event. */
export const queries: Resources = Object.fromEntries(
  Object.entries(QUERIES).map(([name, { id, query }]) => [
    id,
    new QueryDefinition({
      Name: sub(`logistics/\${EnvironmentSuffix}/${name}`),
      QueryString: withPipes(query),
      LogGroupNames: FUNCTION_KEYS.map((key) => ref(functionIds(key).logGroup)),
    }),
  ]),
);

/** A comment is a line of its own, without a pipe. */
function withPipes(lines: readonly string[]): string {
  const first = lines.findIndex((line) => !line.startsWith('#'));
  return lines.map((line, index) => (index <= first || line.startsWith('#') ? line : `| ${line}`)).join('\n');
}
