import { arnOf, ref, sub } from '../../../template-src/intrinsics';
import { accountDecides, policyDocument, type Statement, tlsOnly } from '../../../template-src/policy';
import { keyProtection } from '../../../template-src/storage/key-protection';
import { all, exactly, have, type Rules } from './rule';

const TOPICS = ['AlertsTopic', 'ProcessingTopic'] as const;

const alarmsPublish = {
  Sid: 'AlarmsPublish',
  Effect: 'Allow' as const,
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
};

const ALARMS = sub(
  'arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:logistics-*-${EnvironmentSuffix}',
);

const topicPolicy = (topic: string, ...allowed: readonly Statement[]) => ({
  Topics: [ref(topic)],
  PolicyDocument: policyDocument(...allowed, tlsOnly('sns:Publish', ref(topic))),
});

export const topicRules: Rules = {
  'both topics are encrypted with the stack’s own key': all(
    have(Object.fromEntries(TOPICS.map((id) => [id, { KmsMasterKeyId: ref('TopicKey') }]))),
    exactly(TOPICS.length, 'AWS::SNS::Topic'),
  ),

  'the topics’ key rotates, obeys the account’s IAM, and serves this account’s alarms': have({
    TopicKey: {
      EnableKeyRotation: true,
      KeyPolicy: policyDocument(
        accountDecides,
        { ...alarmsPublish, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' },
        ...keyProtection,
      ),
    },
    TopicKeyAlias: { TargetKeyId: arnOf('TopicKey') },
  }),

  'topics accept messages over TLS only, and the alert topic accepts those of this environment’s alarms': have({
    AlertsTopicPolicy: topicPolicy('AlertsTopic', {
      ...alarmsPublish,
      Action: 'sns:Publish',
      Resource: ref('AlertsTopic'),
      Condition: { ...alarmsPublish.Condition, ArnLike: { 'aws:SourceArn': ALARMS } },
    }),
    ProcessingTopicPolicy: topicPolicy('ProcessingTopic'),
  }),

  'alerts are mailed to AlertEmail when it is set': have(
    { AlertEmailSubscription: { TopicArn: ref('AlertsTopic'), Protocol: 'email', Endpoint: ref('AlertEmail') } },
    'HasAlertEmail',
  ),
};
