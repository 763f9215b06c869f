import type { RecordPorts } from '../../../src/application/record-shipment-event';

/** Death of a delivery; nothing it calls afterwards has any effect. */
export class Killed extends Error {}

export interface Fate {
  /** Waits for this delivery's turn, before each call: between calls nothing happens that another delivery could see. */
  turn(): Promise<void>;
  readonly diesAt?: number | undefined;
  readonly afterEffect: boolean;
}

/** The ports of an invocation whose process may be killed at any of its calls, before or after the call's effect. */
export function killable(ports: RecordPorts, { turn, diesAt, afterEffect }: Fate) {
  const calls: string[] = [];
  let dead = false;
  const call = async <T>(name: string, effect: () => Promise<T>): Promise<T> => {
    if (dead) throw new Killed();
    await turn();
    const last = calls.push(name) - 1 === diesAt;
    dead = last;
    if (last && !afterEffect) throw new Killed();
    const answer = await effect();
    if (last) throw new Killed();
    return answer;
  };
  const wrapped: RecordPorts = {
    ...ports,
    append: (...args) => call('append', () => ports.append(...args)),
    putStatus: (...args) => call('putStatus', () => ports.putStatus(...args)),
    publish: (...args) => call('publish', () => ports.publish(...args)),
    notificationStateOf: (event) => {
      const marks = ports.notificationStateOf(event);
      return {
        claim: () => call('claim', marks.claim),
        release: () => call('release', marks.release),
        markNotified: () => call('mark', marks.markNotified),
      };
    },
  };
  /** True when the process died after the notification and before its mark. */
  const diedNotifying = () =>
    dead && (calls.at(-1) === 'mark' ? !afterEffect : calls.at(-1) === 'publish' && afterEffect);
  return { ports: wrapped, calls, diedNotifying };
}
