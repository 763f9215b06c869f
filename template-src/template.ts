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

/** Resources that outlive their stack and can be imported into the next: all but the keys, of which a new stack makes new ones. */
const outliving = Object.entries({ ...importedTables, ...bus, ...functions }).filter(
  ([, resource]) => 'UpdateReplacePolicy' in resource,
);

/**
 * Resources that outlived their stack, for a new one around them: an import may add only what it imports, and without a macro it needs no
 * build. Policies of queues and of the bus cannot be imported; the deployment after it makes them.
 */
export const importTemplate: Template = {
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'What outlived its stack, to be imported before the rest is deployed.',
  Parameters: {
    EnvironmentSuffix: parameters.EnvironmentSuffix,
    TableDeletionProtection: parameters.TableDeletionProtection,
    BusLogs: parameters.BusLogs,
  },
  Conditions: { ProtectsTables: conditions.ProtectsTables, LogsBus: conditions.LogsBus },
  Resources: withAcceptedFindings(withTags(Object.fromEntries(outliving))),
};
