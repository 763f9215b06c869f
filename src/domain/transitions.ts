import { type Status, statusRule } from '../../contracts/statuses';

/** A repeated status (another scan in transit) is no move; any other that the vocabulary does not list is worth a look. */
export const isUnexpectedTransition = (from: Status, to: Status) => from !== to && !statusRule(from).next.includes(to);
