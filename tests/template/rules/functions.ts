import {
  EVENT_FUNCTION_KEYS,
  EVENT_FUNCTIONS,
  FUNCTION_KEYS,
  functionName,
  SCHEDULED_FUNCTION_KEYS,
  SCHEDULED_FUNCTIONS,
} from '../../../contracts/functions';
import { MAX_EVENT_AGE_SECONDS } from '../../../template-src/defaults';
import { functionIds } from '../../../template-src/logical-ids';
import { attribute, mustHave, named, type Rules, ref } from './rule';

export const functionRules: Rules = {
  'each function has its own role, and logs into a group of its own, which forgets': (template) =>
    FUNCTION_KEYS.flatMap((key) => {
      const { function: id, logGroup, role } = functionIds(key);
      return [
        ...mustHave(template, id, {
          Role: attribute(role),
          LoggingConfig: { LogFormat: 'JSON', LogGroup: ref(logGroup) },
        }),
        ...mustHave(template, logGroup, {
          LogGroupName: named(`/aws/lambda/${functionName(key)}`),
          RetentionInDays: ref('LogRetentionDays'),
        }),
      ];
    }),

  'a failed event is retried, and then waits in the dead-letter queue': (template) =>
    [...EVENT_FUNCTION_KEYS, ...SCHEDULED_FUNCTION_KEYS].flatMap((key) => {
      const ids = functionIds(key);
      return mustHave(template, ids.function, {
        EventInvokeConfig: {
          MaximumRetryAttempts: { ...EVENT_FUNCTIONS, ...SCHEDULED_FUNCTIONS }[key].maximumRetryAttempts,
          MaximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
          DestinationConfig: { OnFailure: { Type: 'SQS', Destination: attribute(ids.queue) } },
        },
      });
    }),
};
