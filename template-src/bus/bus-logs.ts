/**
 * EventBridge's error log of the bus, where `BusLogs` is on: why a rule did not reach its target, without the events' contents.
 * (EventBridge guide, "Configuring logs for event buses"; CloudWatch Logs guide, "Enabling logging from AWS services")
 */
import { GetAtt } from 'cloudform-types/types/functions';
import LogGroup from 'cloudform-types/types/logs/logGroup';
import { BUS_LOG_GROUP } from '../../contracts/bus-log';
import { NAMES } from '../../contracts/names';
import { arnOf, named, onlyIf, ref } from '../intrinsics';
import { BUS_ID } from '../logical-ids';
import type { ConditionName } from '../parameters';
import { type Resources, UntypedResource } from '../resources';
import { dataKeyArn } from '../storage/data-key';

const LOGS_BUS = 'LogsBus' satisfies ConditionName;

/** A property of the bus that cloudform-types lacks. */
export const busLogConfig = { LogConfig: onlyIf(LOGS_BUS, { Level: 'ERROR', IncludeDetail: 'NONE' }) };

/** One of the three resources that deliver the log to its log group. */
const delivery = (type: 'DeliverySource' | 'DeliveryDestination' | 'Delivery', properties: object) =>
  new UntypedResource(`AWS::Logs::${type}`, properties).condition(LOGS_BUS);

const name = named(`${NAMES.bus}-errors`);

export const busLogs: Resources = {
  BusLogGroup: new LogGroup({
    LogGroupName: named(BUS_LOG_GROUP),
    RetentionInDays: ref('LogRetentionDays'),
    KmsKeyId: dataKeyArn,
  }).condition(LOGS_BUS),
  BusLogSource: delivery('DeliverySource', { Name: name, LogType: 'ERROR_LOGS', ResourceArn: arnOf(BUS_ID) }),
  BusLogDestination: delivery('DeliveryDestination', {
    Name: name,
    DestinationResourceArn: arnOf('BusLogGroup'),
  }),
  BusLogDelivery: delivery('Delivery', {
    DeliverySourceName: ref('BusLogSource'),
    DeliveryDestinationArn: GetAtt('BusLogDestination', 'Arn'),
  }),
};
