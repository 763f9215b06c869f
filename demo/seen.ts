/** A snapshot of the stack, as the report and the page show it. */
import type { Row, Snapshot } from '../local/snapshot';

/** The rows of failed events; other rows of the error table have no function. */
export const failures = ({ errors }: Snapshot): readonly Row[] =>
  errors.filter(({ function_name }) => function_name !== undefined);

/** The subjects of each topic's messages in the order of the first, and how many have it. */
export function notificationsBySubject({ notifications }: Snapshot) {
  return Object.entries(notifications).map(([topic, messages]) => {
    const times = new Map<string, number>();
    for (const { Subject } of messages) times.set(Subject, (times.get(Subject) ?? 0) + 1);
    return { topic, subjects: [...times].map(([subject, count]) => ({ topic, subject, times: count })) };
  });
}
