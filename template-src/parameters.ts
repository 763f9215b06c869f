import type { Condition } from 'cloudform-types/types/dataTypes';
import { And, Equals, Join, Not, Ref } from 'cloudform-types/types/functions';
import type Parameter from 'cloudform-types/types/parameter';
import { ENVIRONMENT_SUFFIX } from '../contracts/names';
import { MIN_EVENT_RETENTION_DAYS } from '../contracts/retention';

/** CloudFormation matches each id in the list with the pattern: anything else, a star above all, would let other accounts in. */
const ACCOUNT_IDS = {
  Type: 'CommaDelimitedList',
  Default: '',
  AllowedPattern: '^([0-9]{12})?$',
  ConstraintDescription: 'account ids of 12 digits, separated by commas, or empty',
} as const;

/** A parameter that turns something on or off. */
const onOff = (Default: 'true' | 'false', Description: string) => ({
  Type: 'String' as const,
  Default,
  AllowedValues: ['true', 'false'],
  Description,
});

const RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653];

/** 0, or a whole number from {@link MIN_EVENT_RETENTION_DAYS} to 99,999. */
const EVENT_RETENTION_PATTERN = '^(0|4[5-9]|[5-9][0-9]|[1-9][0-9]{2,4})$';

export const parameters = {
  EnvironmentSuffix: {
    Type: 'String',
    Default: 'dev',
    AllowedPattern: ENVIRONMENT_SUFFIX.pattern,
    ConstraintDescription: ENVIRONMENT_SUFFIX.words,
    Description: 'The environment; the end of every resource name.',
  },
  AlertEmail: {
    Type: 'String',
    Default: '',
    AllowedPattern: '^$|^[^@\\s]+@[^@\\s]+$',
    ConstraintDescription: 'an e-mail address, or empty',
    Description: 'Receives the alerts once its owner has confirmed the subscription; empty for no subscription.',
  },
  LogRetentionDays: {
    Type: 'Number',
    Default: 7,
    AllowedValues: RETENTIONS,
    Description: "Days that the functions' logs are kept.",
  },
  EventRetentionDays: {
    // A pattern is for strings only.
    Type: 'String',
    Default: '0',
    AllowedPattern: EVENT_RETENTION_PATTERN,
    ConstraintDescription: `0 for ever, or ${MIN_EVENT_RETENTION_DAYS} days or more`,
    Description: `Days that accepted events are kept; 0 for ever, otherwise ${MIN_EVENT_RETENTION_DAYS} or more.`,
  },
  EnableXRay: onOff('false', 'Traces the functions with X-Ray.'),
  ShipmentProcessorConcurrency: {
    Type: 'Number',
    Default: 10,
    MinValue: 0,
    Description: "Reserved concurrency of the shipment processor; 0 reserves none (a new account's quota refuses 10).",
  },
  ProducerAccountIds: {
    ...ACCOUNT_IDS,
    Description: 'Other accounts that may put shipment events on the bus, separated by commas.',
  },
  ErrorProducerAccountIds: {
    ...ACCOUNT_IDS,
    Description: 'Other accounts that may put error events on the bus, separated by commas.',
  },
  BusLogs: onOff('false', 'Logs why the bus could not deliver an event, without the event itself.'),
  TableDeletionProtection: onOff('false', 'Tables and keys refuse to be deleted, whatever permissions the caller has.'),
  EncryptWithOwnKey: onOff(
    'false',
    "Encrypts tables, logs and the functions' variables with a key of the stack's own ($1 a month).",
  ),
  GradualDeployment: onOff(
    'false',
    'A deployment begins with a tenth of the events and is rolled back when an alarm goes off (CodeDeploy).',
  ),
  PublishStatusChanges: onOff('true', "Puts each change of a shipment's status on the bus, for other systems."),
  StalledAfterDays: {
    Type: 'Number',
    Default: 0,
    MinValue: 0,
    MaxValue: 365,
    Description: 'Days without news after which an open shipment is reported as stalled; 0 reports none.',
  },
  CarrierWebhooks: onOff('false', 'Accepts webhooks of carrier platforms at a public address (docs/carriers.md).'),
  CarrierWebhookConcurrency: {
    Type: 'Number',
    Default: 10,
    MinValue: 0,
    Description: 'Reserved concurrency of the public address, which is also its limit; 0 reserves none.',
  },
  PermissionsBoundary: {
    Type: 'String',
    Default: '',
    // A policy's path and name: 512 and 128 characters (IAM, IAM and STS quotas).
    AllowedPattern: '^([\\w+=,.@-]+/)*[\\w+=,.@-]{1,128}$|^$',
    ConstraintDescription: "a policy's name, with its path if it has one, or empty",
    Description: "Name of this account's managed policy that bounds the stack's roles; empty for none.",
  },
  Architecture: {
    Type: 'String',
    Default: 'arm64',
    AllowedValues: ['arm64', 'x86_64'],
    Description: 'Processor of the functions; sam local on an x86 machine overrides it to avoid emulation.',
  },
} as const satisfies Record<string, Parameter>;

const isOn = (parameter: keyof typeof parameters) => Equals(Ref(parameter), 'true');

export const conditions = {
  HasAlertEmail: Not(Equals(Ref('AlertEmail'), '')),
  TracesRequests: isOn('EnableXRay'),
  ReservesConcurrency: Not(Equals(Ref('ShipmentProcessorConcurrency'), 0)),
  ProtectsTables: isOn('TableDeletionProtection'),
  LogsBus: isOn('BusLogs'),
  HasDataKey: isOn('EncryptWithOwnKey'),
  DeploysGradually: isOn('GradualDeployment'),
  PublishesStatusChanges: isOn('PublishStatusChanges'),
  ReportsStalledShipments: Not(Equals(Ref('StalledAfterDays'), 0)),
  TakesCarrierWebhooks: isOn('CarrierWebhooks'),
  BoundsCarrierWebhooks: And([isOn('CarrierWebhooks'), Not(Equals(Ref('CarrierWebhookConcurrency'), 0))]),
  HasPermissionsBoundary: Not(Equals(Ref('PermissionsBoundary'), '')),
  HasProducerAccounts: Not(Equals(Join('', Ref('ProducerAccountIds')), '')),
  HasErrorProducerAccounts: Not(Equals(Join('', Ref('ErrorProducerAccountIds')), '')),
} satisfies Record<string, Condition>;

export type ConditionName = keyof typeof conditions;

export type ParameterName = keyof typeof parameters;
