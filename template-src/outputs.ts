import type { Value } from 'cloudform-types/types/dataTypes';
import type Output from 'cloudform-types/types/output';
import { FUNCTION_KEYS } from '../contracts/functions';
import { UNROUTED_QUEUE_ID } from './bus/bus';
import { arnOf, ref } from './intrinsics';
import { BUS_ID, functionIds } from './logical-ids';
import { DASHBOARD_ID } from './monitoring/dashboard';
import { TABLE_IDS } from './storage/tables';
import { TOPIC_IDS } from './topics';

const output = (Description: string, value: Value<string>): Output => ({ Description, Value: value });

const perFunction = FUNCTION_KEYS.map(functionIds).flatMap((ids): [string, Output][] => [
  [`${ids.function}Name`, output(`Name of the function ${ids.function}`, ref(ids.function))],
  [
    `${ids.queue}Url`,
    output(`Events that failed in ${ids.function} after all retries, or never reached it`, ref(ids.queue)),
  ],
]);

export const outputs: Readonly<Record<string, Output>> = {
  EventBusName: output('Put events here', ref(BUS_ID)),
  EventBusArn: output('The bus, for producers in other accounts', arnOf(BUS_ID)),
  ShipmentEventsTableName: output('The log of accepted events', ref(TABLE_IDS.shipmentEvents)),
  ShipmentsTableName: output("Each shipment's current status", ref(TABLE_IDS.shipments)),
  ErrorEventsTableName: output('Failed events and received error events', ref(TABLE_IDS.errorEvents)),
  AlertsTopicArn: output('Alarms and critical errors', ref(TOPIC_IDS.alerts)),
  ProcessingTopicArn: output('Shipment notifications and ordinary errors', ref(TOPIC_IDS.processing)),
  ...Object.fromEntries(perFunction),
  UnroutedQueueUrl: output('Events that no contract takes', ref(UNROUTED_QUEUE_ID)),
  ArchiveName: output('Replay events from here', ref('Archive')),
  DashboardName: output('The CloudWatch dashboard', ref(DASHBOARD_ID)),
};
