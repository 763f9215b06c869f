import { arnOf, ref, sub } from '../../../template-src/intrinsics';
import { accountDecides, policyDocument, type Statement, tlsOnly } from '../../../template-src/policy';
import { keyProtection } from '../../../template-src/storage/key-protection';
import { all, have, only, type Rules } from './rule';

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
    only(TOPICS.length, 'AWS::SNS::Topic'),
  ),

  // With the key that AWS manages, or without this statement, an alarm's message is lost without a word.
  'the key turns, obeys the account’s IAM, and lets this account’s alarms publish': have({
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

  // A policy takes the place of the default one, by which the account's alarms publish.
  'a topic takes messages over TLS only, and of services from this environment’s alarms, to the alert topic': have({
    AlertsTopicPolicy: topicPolicy('AlertsTopic', {
      ...alarmsPublish,
      Action: 'sns:Publish',
      Resource: ref('AlertsTopic'),
      Condition: { ...alarmsPublish.Condition, ArnLike: { 'aws:SourceArn': ALARMS } },
    }),
    ProcessingTopicPolicy: topicPolicy('ProcessingTopic'),
  }),

  'alerts go to the address that was given, if one was': have(
    { AlertEmailSubscription: { TopicArn: ref('AlertsTopic'), Protocol: 'email', Endpoint: ref('AlertEmail') } },
    'HasAlertEmail',
  ),
};
