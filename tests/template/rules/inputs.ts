import { FUNCTION_KEYS } from '../../../contracts/functions';
import { ENVIRONMENT_SUFFIX } from '../../../contracts/names';
import { functionIds } from '../../../template-src/function-ids';
import { attribute, mustBe, type Rules, ref, walk } from './rule';

const LOG_RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653];

const ACCOUNT_IDS = { Type: 'CommaDelimitedList', Default: '', AllowedPattern: '^([0-9]{12})?$' };

const TRUE_OR_FALSE = ['true', 'false'];

const PARAMETERS: Readonly<Record<string, object>> = {
  EnvironmentSuffix: { Type: 'String', Default: 'dev', AllowedPattern: ENVIRONMENT_SUFFIX.pattern },
  AlertEmail: { Type: 'String', Default: '', AllowedPattern: '^$|^[^@\\s]+@[^@\\s]+$' },
  LogRetentionDays: { Type: 'Number', Default: 7, AllowedValues: LOG_RETENTIONS },
  EnableXRay: { Type: 'String', Default: 'false', AllowedValues: TRUE_OR_FALSE },
  ShipmentProcessorConcurrency: { Type: 'Number', Default: 10, MinValue: 0 },
  ProducerAccountIds: ACCOUNT_IDS,
  ErrorProducerAccountIds: ACCOUNT_IDS,
  TableDeletionProtection: { Type: 'String', Default: 'false', AllowedValues: TRUE_OR_FALSE },
  EncryptWithOwnKey: { Type: 'String', Default: 'false', AllowedValues: TRUE_OR_FALSE },
  GradualDeployment: { Type: 'String', Default: 'false', AllowedValues: TRUE_OR_FALSE },
  Architecture: { Type: 'String', Default: 'arm64', AllowedValues: ['arm64', 'x86_64'] },
};

const not = (condition: object) => ({ 'Fn::Not': [condition] });
const equals = (...values: unknown[]) => ({ 'Fn::Equals': values });

const CONDITIONS = {
  HasAlertEmail: not(equals(ref('AlertEmail'), '')),
  TracesRequests: equals(ref('EnableXRay'), 'true'),
  ReservesConcurrency: not(equals(ref('ShipmentProcessorConcurrency'), 0)),
  ProtectsTables: equals(ref('TableDeletionProtection'), 'true'),
  HasDataKey: equals(ref('EncryptWithOwnKey'), 'true'),
  DeploysGradually: equals(ref('GradualDeployment'), 'true'),
  HasProducerAccounts: not(equals({ 'Fn::Join': ['', ref('ProducerAccountIds')] }, '')),
  HasErrorProducerAccounts: not(equals({ 'Fn::Join': ['', ref('ErrorProducerAccountIds')] }, '')),
};

const OUTPUTS: Readonly<Record<string, unknown>> = {
  EventBusName: ref('EventBus'),
  EventBusArn: attribute('EventBus'),
  ShipmentEventsTableName: ref('ShipmentEventsTable'),
  ShipmentsTableName: ref('ShipmentsTable'),
  ErrorEventsTableName: ref('ErrorEventsTable'),
  AlertsTopicArn: ref('AlertsTopic'),
  ProcessingTopicArn: ref('ProcessingTopic'),
  UnroutedQueueUrl: ref('UnroutedQueue'),
  ArchiveName: ref('Archive'),
  DashboardName: ref('Dashboard'),
  ...Object.fromEntries(
    FUNCTION_KEYS.map(functionIds).flatMap(({ function: id, queue }) => [
      [`${id}Name`, ref(id)],
      [`${queue}Url`, ref(queue)],
    ]),
  ),
};

const named = (section: object) => Object.keys(section).sort();

export const inputRules: Rules = {
  'the template is a SAM template': ({ AWSTemplateFormatVersion, Transform }) => [
    ...mustBe('the format', AWSTemplateFormatVersion, '2010-09-09'),
    ...mustBe('the transform', Transform, 'AWS::Serverless-2016-10-31'),
  ],

  'each parameter has its type, default and limits, and is explained': ({ Parameters }) => [
    ...Object.entries(PARAMETERS).flatMap(([name, expected]) => {
      const { Description, ConstraintDescription, ...actual } = Parameters[name] ?? {};
      // A pattern says nothing to who has broken it.
      const explains = Boolean(Description) && Boolean(ConstraintDescription) === 'AllowedPattern' in expected;
      return [...mustBe(`parameter ${name}`, actual, expected), ...mustBe(`${name} is explained`, explains, true)];
    }),
    ...mustBe('the parameters', named(Parameters), named(PARAMETERS)),
  ],

  'each condition holds when its parameter says so': ({ Conditions }) =>
    mustBe('the conditions', Conditions, CONDITIONS),

  'each output is what its name says, and is explained': ({ Outputs }) => [
    ...Object.entries(OUTPUTS).flatMap(([name, value]) => mustBe(`output ${name}`, Outputs[name]?.['Value'], value)),
    ...mustBe('the outputs', named(Outputs), named(OUTPUTS)),
    ...Object.entries(Outputs).flatMap(([name, { Description }]) => (Description ? [] : [`${name} is not explained`])),
  ],

  'each reference names a resource, a parameter or a pseudo parameter': (template) => {
    const names: string[] = [];
    for (const [key, value] of walk(template)) {
      if (key === 'Ref') names.push(String(value).replace(/\.Alias$/, ''));
      if (key === 'Fn::GetAtt') names.push(String((value as unknown[])[0]));
      if (key === 'Fn::Sub')
        for (const [, name = ''] of String(value).matchAll(/\$\{([^}]+)\}/g)) names.push(name.replace(/\.\w+$/, ''));
    }
    const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters)]);
    return names.filter((name) => !known.has(name) && !name.startsWith('AWS::')).map((name) => `no ${name}`);
  },

  'each condition that is used exists': (template) => {
    const used = Object.values(template.Resources).flatMap(({ Condition }) =>
      Condition === undefined ? [] : [String(Condition)],
    );
    const inIf = [...walk(template.Resources)].flatMap(([key, value]) =>
      key === 'Fn::If' ? [String((value as unknown[])[0])] : [],
    );
    return [...used, ...inIf].filter((name) => !(name in template.Conditions)).map((name) => `no condition ${name}`);
  },
};
