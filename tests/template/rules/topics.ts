import { NAMES } from '../../../contracts/names';
import {
  accountDecides,
  attribute,
  keyProtection,
  mustBe,
  mustHave,
  named,
  type Rules,
  ref,
  resourcesOf,
  tlsOnly,
} from './rule';

const KEY = 'TopicKey';

const alarmsPublish = {
  Sid: 'AlarmsPublish',
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
};

const ALARMS = {
  'Fn::Sub': 'arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:logistics-*-${EnvironmentSuffix}',
};

export const topicRules: Rules = {
  'both topics are encrypted with the stack’s own key': (template) => [
    ...mustHave(template, 'AlertsTopic', { TopicName: named(NAMES.alertsTopic), KmsMasterKeyId: ref(KEY) }),
    ...mustHave(template, 'ProcessingTopic', { TopicName: named(NAMES.processingTopic), KmsMasterKeyId: ref(KEY) }),
  ],

  // With the key that AWS manages, or without this statement, an alarm's message is lost without a word.
  'the key turns, obeys the account’s IAM, and lets this account’s alarms publish': (template) => [
    ...mustHave(template, KEY, {
      EnableKeyRotation: true,
      KeyPolicy: {
        Version: '2012-10-17',
        Statement: [
          accountDecides,
          { ...alarmsPublish, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' },
          ...keyProtection,
        ],
      },
    }),
    ...mustHave(template, 'TopicKeyAlias', { AliasName: named('alias/logistics-topics'), TargetKeyId: attribute(KEY) }),
  ],

  // A policy takes the place of the default one, by which the account's alarms publish.
  'a topic takes messages over TLS only, and of services from this environment’s alarms, to the alert topic': (
    template,
  ) => [
    ...Object.entries({
      AlertsTopic: [
        {
          ...alarmsPublish,
          Action: 'sns:Publish',
          Resource: ref('AlertsTopic'),
          Condition: { ...alarmsPublish.Condition, ArnLike: { 'aws:SourceArn': ALARMS } },
        },
      ],
      ProcessingTopic: [],
    }).flatMap(([id, allowed]) =>
      mustBe(`${id}Policy`, template.Resources[`${id}Policy`]?.Properties, {
        Topics: [ref(id)],
        PolicyDocument: { Version: '2012-10-17', Statement: [...allowed, tlsOnly('sns:Publish', ref(id))] },
      }),
    ),
    ...mustBe('the number of topics', resourcesOf(template, 'AWS::SNS::Topic').length, 2),
  ],

  'alerts go to the address that was given, if one was': ({ Resources }) => {
    const { Condition, Properties } = Resources['AlertEmailSubscription'] ?? {};
    return mustBe(
      'AlertEmailSubscription',
      { Condition, Properties },
      {
        Condition: 'HasAlertEmail',
        Properties: { TopicArn: ref('AlertsTopic'), Protocol: 'email', Endpoint: ref('AlertEmail') },
      },
    );
  },
};
