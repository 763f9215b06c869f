import { type Status, statusRule } from '../../contracts/statuses';

/** True when the vocabulary does not list the transition; a repeated status (another scan in transit) is none. */
export const isUnexpectedTransition = (from: Status, to: Status) => from !== to && !statusRule(from).next.includes(to);
