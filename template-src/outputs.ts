import type { Value } from 'cloudform-types/types/dataTypes';
import { GetAtt } from 'cloudform-types/types/functions';
import type Output from 'cloudform-types/types/output';
import { FUNCTION_KEYS, QUEUED_FUNCTION_KEYS, URL_FUNCTION_KEYS, URL_FUNCTIONS } from '../contracts/functions';
import { UNROUTED_QUEUE_ID } from './bus/bus';
import { arnOf, ref } from './intrinsics';
import { BUS_ID, functionIds } from './logical-ids';
import { DASHBOARD_ID } from './monitoring/dashboard';
import { TABLE_IDS } from './storage/tables';
import { TOPIC_IDS } from './topics';

const output = (Description: string, value: Value<string>): Output => ({ Description, Value: value });

const names = FUNCTION_KEYS.map(functionIds).map((ids): [string, Output] => [
  `${ids.function}Name`,
  output(`Name of the function ${ids.function}`, ref(ids.function)),
]);

const queues = QUEUED_FUNCTION_KEYS.map(functionIds).map((ids): [string, Output] => [
  `${ids.queue}Url`,
  output(`Events that failed in ${ids.function} after all retries, or never reached it`, ref(ids.queue)),
]);

const addresses = URL_FUNCTION_KEYS.map((key): [string, Output] => {
  const { function: id, url } = functionIds(key);
  return [
    url,
    { ...output(`Public address of ${id}`, GetAtt(url, 'FunctionUrl')), Condition: URL_FUNCTIONS[key].condition },
  ];
});

export const outputs: Readonly<Record<string, Output>> = {
  EventBusName: output('Put events here', ref(BUS_ID)),
  EventBusArn: output('The bus, for producers in other accounts', arnOf(BUS_ID)),
  ShipmentEventsTableName: output('The log of accepted events', ref(TABLE_IDS.shipmentEvents)),
  ShipmentsTableName: output("Each shipment's current status", ref(TABLE_IDS.shipments)),
  ErrorEventsTableName: output('Failed events and received error events', ref(TABLE_IDS.errorEvents)),
  AlertsTopicArn: output('Alarms and critical errors', ref(TOPIC_IDS.alerts)),
  ProcessingTopicArn: output('Shipment notifications and ordinary errors', ref(TOPIC_IDS.processing)),
  ...Object.fromEntries([...names, ...queues, ...addresses]),
  UnroutedQueueUrl: output('Events that match no contract', ref(UNROUTED_QUEUE_ID)),
  ArchiveName: output('Replay events from here', ref('Archive')),
  DashboardName: output('The CloudWatch dashboard', ref(DASHBOARD_ID)),
};
