import type { Value } from 'cloudform-types/types/dataTypes';
import Alias from 'cloudform-types/types/kms/alias';
import Key from 'cloudform-types/types/kms/key';
import Subscription from 'cloudform-types/types/sns/subscription';
import Topic from 'cloudform-types/types/sns/topic';
import TopicPolicy from 'cloudform-types/types/sns/topicPolicy';
import { NAMES } from '../contracts/names';
import { arnOf, named, ref, sub } from './intrinsics';
import type { ConditionName } from './parameters';
import { accountDecides, policyDocument, type Statement, tlsOnly } from './policy';
import { type Resources, retained } from './resources';
import { keyProtection } from './storage/key-protection';

export const TOPIC_KEY_ID = 'TopicKey';
export const TOPIC_IDS = { alerts: 'AlertsTopic', processing: 'ProcessingTopic' } as const;

/** Permission for the alarms of this account only. */
const alarmsMay = (Action: string | string[], Resource: Value<string>, condition?: object): Statement => ({
  Sid: 'AlarmsPublish',
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Action,
  Resource,
  Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') }, ...condition },
});

/** Alarms of this environment only: another's would be false alarms here. */
const ofThisEnvironment = {
  ArnLike: {
    'aws:SourceArn': sub(
      'arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:logistics-*-${EnvironmentSuffix}',
    ),
  },
};

/**
 * The key of both topics. AWS's managed key serves SNS alone, so an alarm's message to a topic with that key is lost silently. Alarms use
 * this key as a service principal; the functions use it with their roles, by IAM.
 */
const key = new Key({
  Description: sub('Encrypts the topics of logistics-event-processor (${EnvironmentSuffix})'),
  EnableKeyRotation: true,
  KeyPolicy: policyDocument(accountDecides, alarmsMay(['kms:Decrypt', 'kms:GenerateDataKey*'], '*'), ...keyProtection),
});

const topic = (name: string) => new Topic({ TopicName: named(name), KmsMasterKeyId: ref(TOPIC_KEY_ID) });

/**
 * Replaces a topic's default policy, which lets the account's alarms publish. The functions publish with their roles. SNS accepts no wider
 * action than Publish here.
 */
const topicPolicy = (topicId: string, ...allowed: Statement[]) =>
  new TopicPolicy({
    Topics: [ref(topicId)],
    PolicyDocument: policyDocument(...allowed, tlsOnly('sns:Publish', ref(topicId))),
  });

export const topics: Resources = {
  // Undelivered messages are unreadable without their key.
  [TOPIC_KEY_ID]: retained(key),
  TopicKeyAlias: new Alias({ AliasName: named(NAMES.topicKeyAlias), TargetKeyId: arnOf(TOPIC_KEY_ID) }),
  [TOPIC_IDS.alerts]: topic(NAMES.alertsTopic),
  [TOPIC_IDS.processing]: topic(NAMES.processingTopic),
  AlertsTopicPolicy: topicPolicy(TOPIC_IDS.alerts, alarmsMay('sns:Publish', ref(TOPIC_IDS.alerts), ofThisEnvironment)),
  ProcessingTopicPolicy: topicPolicy(TOPIC_IDS.processing),
  AlertEmailSubscription: new Subscription({
    TopicArn: ref(TOPIC_IDS.alerts),
    Protocol: 'email',
    Endpoint: ref('AlertEmail'),
  }).condition('HasAlertEmail' satisfies ConditionName),
};
