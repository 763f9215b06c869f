/** The alarms of a stack, and the format of their descriptions: the operator's command reads what the template writes. */
import { OPERATOR_COMMAND } from './operator-command';

/** Names without the environment's suffix. */
export const ALARM_NAMES = [
  'logistics-high-errors',
  'logistics-dlq-arrivals',
  'logistics-unrouted-arrivals',
  'logistics-event-age',
  'logistics-stream-age',
  'logistics-webhooks-refused',
  'logistics-failed-invocations',
  'logistics-failed-to-dlq',
  'logistics-destination-failures',
  'logistics-dynamodb-throttles',
  'logistics-throttles',
  'logistics-duration',
] as const;

export type AlarmName = (typeof ALARM_NAMES)[number];

export interface AlarmText {
  /** The symptom and where to look. */
  readonly text: string;
  /** The command an operator types first. */
  readonly command: string;
}

const SEPARATOR = ' Then: ';

/** The operator's own command or the AWS CLI, without anything that a shell would act on. */
const COMMAND = new RegExp(`^(${OPERATOR_COMMAND}|aws) [\\w@%+:,./{} -]+$`);

/** An alarm's description; {@link alarmTextOf} reads it. */
export const alarmDescription = ({ text, command }: AlarmText) => `${text}${SEPARATOR}${command}`;

/** Reads a description. The command is undefined when it is not one of ours: any user of the account may have edited the alarm. */
export function alarmTextOf(description: string): { readonly text: string; readonly command: string | undefined } {
  const [text = '', command] = description.split(SEPARATOR);
  return { text, command: command !== undefined && COMMAND.test(command) ? command : undefined };
}
