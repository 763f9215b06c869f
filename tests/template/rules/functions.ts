/** Rules on where a function logs, and where its failures go. */
import {
  EVENT_FUNCTION_KEYS,
  EVENT_FUNCTIONS,
  FUNCTION_KEYS,
  SCHEDULED_FUNCTION_KEYS,
  SCHEDULED_FUNCTIONS,
} from '../../../contracts/functions';
import { MAX_EVENT_AGE_SECONDS } from '../../../template-src/defaults';
import { arnOf, ref } from '../../../template-src/intrinsics';
import { have, ofEach, type Rules } from './rule';

export const ROLLBACK_ALARMS = ['ShipmentProcessorErrorsAlarm', 'DurationAlarm'];

export const functionRules: Rules = {
  'each function has a role and a log group of its own, with retention': have(
    ofEach(FUNCTION_KEYS, (ids) => ({
      [ids.function]: { Role: arnOf(ids.role), LoggingConfig: { LogFormat: 'JSON', LogGroup: ref(ids.logGroup) } },
      [ids.logGroup]: { RetentionInDays: ref('LogRetentionDays') },
    })),
  ),

  'a failed event is retried and then sent to the dead-letter queue': have(
    ofEach([...EVENT_FUNCTION_KEYS, ...SCHEDULED_FUNCTION_KEYS], (ids, key) => ({
      [ids.function]: {
        EventInvokeConfig: {
          MaximumRetryAttempts: { ...EVENT_FUNCTIONS, ...SCHEDULED_FUNCTIONS }[key].maximumRetryAttempts,
          MaximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
          DestinationConfig: { OnFailure: { Type: 'SQS', Destination: arnOf(ids.queue) } },
        },
      },
    })),
  ),
};
