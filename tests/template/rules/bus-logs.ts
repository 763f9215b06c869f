import { attribute, mustBe, mustHave, named, onlyIf, type Rules, ref } from './rule';

const DELIVERY = {
  BusLogGroup: {
    LogGroupName: named('/aws/vendedlogs/events/event-bus/logistics-events'),
    RetentionInDays: ref('LogRetentionDays'),
  },
  BusLogSource: {
    Name: named('logistics-events-errors'),
    LogType: 'ERROR_LOGS',
    ResourceArn: attribute('EventBus'),
  },
  BusLogDestination: { Name: named('logistics-events-errors'), DestinationResourceArn: attribute('BusLogGroup') },
  BusLogDelivery: {
    DeliverySourceName: ref('BusLogSource'),
    DeliveryDestinationArn: attribute('BusLogDestination'),
  },
};

export const busLogRules: Rules = {
  'the bus logs errors, and nothing of its events, where the parameter says so': (template) =>
    mustHave(template, 'EventBus', { LogConfig: onlyIf('LogsBus', { Level: 'ERROR', IncludeDetail: 'NONE' }) }),

  'the log of the bus reaches a log group of its own, which forgets, where the parameter says so': (template) =>
    Object.entries(DELIVERY).flatMap(([id, properties]) => [
      ...mustHave(template, id, properties),
      ...mustBe(`condition of ${id}`, template.Resources[id]?.Condition, 'LogsBus'),
    ]),
};
