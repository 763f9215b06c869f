import { mustBe, type Rules, ref } from './rule';

const not = (condition: object) => ({ 'Fn::Not': [condition] });
const equals = (...values: unknown[]) => ({ 'Fn::Equals': values });

/** Of protection, encryption, access and what is published; what the others do is seen where they are used. */
const CONDITIONS = {
  ProtectsTables: equals(ref('TableDeletionProtection'), 'true'),
  LogsBus: equals(ref('BusLogs'), 'true'),
  HasDataKey: equals(ref('EncryptWithOwnKey'), 'true'),
  HasProducerAccounts: not(equals({ 'Fn::Join': ['', ref('ProducerAccountIds')] }, '')),
  PublishesStatusChanges: equals(ref('PublishStatusChanges'), 'true'),
  TakesCarrierWebhooks: equals(ref('CarrierWebhooks'), 'true'),
  BoundsCarrierWebhooks: {
    'Fn::And': [equals(ref('CarrierWebhooks'), 'true'), not(equals(ref('CarrierWebhookConcurrency'), 0))],
  },
  HasPermissionsBoundary: not(equals(ref('PermissionsBoundary'), '')),
  HasErrorProducerAccounts: not(equals({ 'Fn::Join': ['', ref('ErrorProducerAccountIds')] }, '')),
};

export const conditionRules: Rules = {
  'each condition of protection, encryption, access and publishing holds when its parameter says so': ({
    Conditions,
  }) =>
    Object.entries(CONDITIONS).flatMap(([name, expected]) => mustBe(`condition ${name}`, Conditions[name], expected)),
};
