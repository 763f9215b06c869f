import type Template from 'cloudform-types/types/template';
import { withAcceptedFindings } from './accepted-findings';
import { bus } from './bus/bus';
import { busLogs } from './bus/bus-logs';
import { functions } from './functions/functions';
import { alarms } from './monitoring/alarms';
import { dashboard } from './monitoring/dashboard';
import { queries } from './monitoring/queries';
import { outputs } from './outputs';
import { conditions, parameters } from './parameters';
import { dataKey } from './storage/data-key';
import { importedTables, tables } from './storage/tables';
import { withTags } from './tags';
import { topics } from './topics';

/** The whole stack. */
export const template: Template = {
  AWSTemplateFormatVersion: '2010-09-09',
  Transform: 'AWS::Serverless-2016-10-31',
  Description: 'Records shipment events once and in any order, keeps current statuses, sends notifications.',
  Parameters: parameters,
  Conditions: conditions,
  Resources: withAcceptedFindings(
    withTags({
      ...tables,
      ...dataKey,
      ...topics,
      ...bus,
      ...busLogs,
      ...functions,
      ...alarms,
      ...queries,
      ...dashboard,
    }),
  ),
  Outputs: outputs,
};

/** Resources that outlive their stack and can be imported into a new one: all but the keys, which a new stack creates anew. */
const importable = Object.entries({ ...importedTables, ...bus, ...functions }).filter(
  ([, resource]) => 'UpdateReplacePolicy' in resource,
);

/**
 * Template that creates a stack from resources that outlived another. An import may add nothing else, and without a macro it needs no build.
 * The policies of queues and bus cannot be imported: the next deployment creates them.
 */
export const importTemplate: Template = {
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'Resources that outlived their stack, to be imported before the rest is deployed.',
  Parameters: {
    EnvironmentSuffix: parameters.EnvironmentSuffix,
    TableDeletionProtection: parameters.TableDeletionProtection,
    BusLogs: parameters.BusLogs,
  },
  Conditions: { ProtectsTables: conditions.ProtectsTables, LogsBus: conditions.LogsBus },
  Resources: withAcceptedFindings(withTags(Object.fromEntries(importable))),
};
