import Alias from 'cloudform-types/types/kms/alias';
import Key from 'cloudform-types/types/kms/key';
import Subscription from 'cloudform-types/types/sns/subscription';
import Topic from 'cloudform-types/types/sns/topic';
import { NAMES } from '../contracts/names';
import { arnOf, named, ref, sub } from './intrinsics';
import type { ConditionName } from './parameters';
import { accountDecides, policyDocument } from './policy';
import type { Resources } from './resources';
import { retained } from './sam/retained';

export const TOPIC_KEY_ID = 'TopicKey';
export const TOPIC_IDS = { alerts: 'AlertsTopic', processing: 'ProcessingTopic' } as const;

/**
 * The key of both topics. The AWS-managed key's policy lets no service but SNS use it: an alarm's message to such a topic is lost
 * without a word. Alarms publish as the service principal; the functions publish with their roles, which the account statement lets
 * IAM decide about.
 */
const key = new Key({
  Description: sub('Encrypts the topics of logistics-event-processor (${EnvironmentSuffix})'),
  EnableKeyRotation: true,
  KeyPolicy: policyDocument(accountDecides, {
    Sid: 'AlarmsPublish',
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
  }),
});

const topic = (name: string) => new Topic({ TopicName: named(name), KmsMasterKeyId: ref(TOPIC_KEY_ID) });

export const topics: Resources = {
  // Messages that were not yet delivered are unreadable without their key.
  [TOPIC_KEY_ID]: retained(key),
  TopicKeyAlias: new Alias({ AliasName: named('alias/logistics-topics'), TargetKeyId: arnOf(TOPIC_KEY_ID) }),
  [TOPIC_IDS.alerts]: topic(NAMES.alertsTopic),
  [TOPIC_IDS.processing]: topic(NAMES.processingTopic),
  AlertEmailSubscription: new Subscription({
    TopicArn: ref(TOPIC_IDS.alerts),
    Protocol: 'email',
    Endpoint: ref('AlertEmail'),
  }).condition('HasAlertEmail' satisfies ConditionName),
};
