import type { RecordPorts } from '../../../src/application/record-shipment-event';

/** Death of a delivery; nothing it calls afterwards has any effect. */
export class Killed extends Error {}

export interface Fate {
  /** Waits for this delivery's turn, before each call: between calls nothing happens that another delivery could see. */
  turn(): Promise<void>;
  readonly diesAt?: number | undefined;
  readonly afterEffect?: boolean | undefined;
}

/** The calls of a process that may die at one of them, before or after its effect. */
export function killableCalls({ turn, diesAt, afterEffect = false }: Fate) {
  const calls: string[] = [];
  let dead = false;
  const call = async <T>(name: string, effect: () => T | Promise<T>): Promise<T> => {
    if (dead) throw new Killed();
    await turn();
    dead = calls.push(name) - 1 === diesAt;
    if (dead && !afterEffect) throw new Killed();
    const answer = await effect();
    if (dead) throw new Killed();
    return answer;
  };
  return { call, calls, isDead: () => dead };
}

/** The ports of an invocation whose process may be killed at any of its calls. */
export function killable(ports: RecordPorts, fate: Fate) {
  const { call, calls, isDead } = killableCalls(fate);
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
    isDead() && (calls.at(-1) === 'mark' ? !fate.afterEffect : calls.at(-1) === 'publish' && fate.afterEffect === true);
  return { ports: wrapped, calls, diedNotifying };
}
