import { DeletionPolicy } from 'cloudform-types/types/resource';
import type Template from 'cloudform-types/types/template';
import { alarms } from './alarms/alarms';
import { bus } from './bus';
import { dashboard } from './dashboard';
import { functions } from './functions';
import { outputs } from './outputs';
import { conditions, parameters } from './parameters';
import { queries } from './queries';
import type { Resources } from './resources';
import { tables } from './tables';
import { withTags } from './tags';
import { topics } from './topics';

const resources = withTags({ ...tables, ...topics, ...bus, ...functions, ...alarms, ...queries, ...dashboard });

/** What outlives the stack. */
export const retained: Resources = Object.fromEntries(
  Object.entries(resources).filter(([, { DeletionPolicy: policy }]) => policy === DeletionPolicy.Retain),
);

/** The whole stack. */
export const template: Template = {
  AWSTemplateFormatVersion: '2010-09-09',
  Transform: 'AWS::Serverless-2016-10-31',
  Description: 'Records shipment events once and in any order, keeps current statuses, notifies people.',
  Parameters: parameters,
  Conditions: conditions,
  Resources: resources,
  Outputs: outputs,
};
