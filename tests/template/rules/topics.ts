import { arnOf, ref } from '../../../template-src/intrinsics';
import { accountDecides, policyDocument } from '../../../template-src/policy';
import { keyProtection } from '../../../template-src/storage/key-protection';
import { all, exactly, have, type Rules } from './rule';

const TOPICS = ['AlertsTopic', 'ProcessingTopic'] as const;

export const topicRules: Rules = {
  // What the policies allow is tried in tests/integration/security/resource-policies.test.ts.
  'both topics have a policy and are encrypted with the stack’s own key': all(
    have(Object.fromEntries(TOPICS.map((id) => [id, { KmsMasterKeyId: ref('TopicKey') }]))),
    have(Object.fromEntries(TOPICS.map((id) => [`${id}Policy`, { Topics: [ref(id)] }]))),
    exactly(TOPICS.length, 'AWS::SNS::Topic'),
  ),

  'the topics’ key rotates, obeys the account’s IAM, and serves this account’s alarms': have({
    TopicKey: {
      EnableKeyRotation: true,
      KeyPolicy: policyDocument(
        accountDecides,
        {
          Sid: 'AlarmsPublish',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          Resource: '*',
        },
        ...keyProtection,
      ),
    },
    TopicKeyAlias: { TargetKeyId: arnOf('TopicKey') },
  }),

  'alerts are mailed to AlertEmail when it is set': have(
    { AlertEmailSubscription: { TopicArn: ref('AlertsTopic'), Protocol: 'email', Endpoint: ref('AlertEmail') } },
    'HasAlertEmail',
  ),
};
