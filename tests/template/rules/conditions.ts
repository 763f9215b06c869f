import { And, Equals, Join, Not, Ref } from 'cloudform-types/types/functions';
import { mustBe, plain, type Rules } from './rule';

/** Conditions of protection, encryption, access and publishing; no rule is about the others. */
const CONDITIONS = {
  ProtectsTables: Equals(Ref('TableDeletionProtection'), 'true'),
  LogsBus: Equals(Ref('BusLogs'), 'true'),
  HasDataKey: Equals(Ref('EncryptWithOwnKey'), 'true'),
  HasProducerAccounts: Not(Equals(Join('', Ref('ProducerAccountIds')), '')),
  HasErrorProducerAccounts: Not(Equals(Join('', Ref('ErrorProducerAccountIds')), '')),
  PublishesStatusChanges: Equals(Ref('PublishStatusChanges'), 'true'),
  TakesCarrierWebhooks: Equals(Ref('CarrierWebhooks'), 'true'),
  BoundsCarrierWebhooks: And([
    Equals(Ref('CarrierWebhooks'), 'true'),
    Not(Equals(Ref('CarrierWebhookConcurrency'), 0)),
  ]),
  HasPermissionsBoundary: Not(Equals(Ref('PermissionsBoundary'), '')),
};

export const conditionRules: Rules = {
  'each condition of protection, encryption, access and publishing depends on its parameter': (template) =>
    Object.entries(CONDITIONS).flatMap(([name, expected]) =>
      mustBe(`condition ${name}`, template.Conditions[name], plain(expected)),
    ),
};
