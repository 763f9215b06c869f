/** Every figure of the stack that is a choice, with its reason. */
import {
  type EventFunctionKey,
  FUNCTION_KEYS,
  type ScheduledFunctionKey,
  type StreamFunctionKey,
  type UrlFunctionKey,
} from '../contracts/functions';
import { complete } from './complete';

export const RUNTIME = 'nodejs24.x';

interface FunctionFigures {
  /** Seconds. */
  readonly timeout: number;
  /** Megabytes; CPU grows with memory. docs/performance.md has the cost and the duration of each choice. */
  readonly memory: number;
  readonly description: string;
}

interface RuleFunctionFigures extends FunctionFigures {
  /** The rule's retry policy: retries, and seconds until an event is sent to the dead-letter queue. */
  readonly ruleRetry: { readonly retries: number; readonly maxAgeSeconds: number };
}

interface ScheduledFunctionFigures extends RuleFunctionFigures {
  /** Schedule expression: `rate(1 hour)`. */
  readonly rate: string;
}

type Figures = Readonly<
  Record<EventFunctionKey, RuleFunctionFigures> &
    Record<StreamFunctionKey | UrlFunctionKey, FunctionFigures> &
    Record<ScheduledFunctionKey, ScheduledFunctionFigures>
>;

export const FUNCTION_FIGURES = complete<Figures>('template-src/defaults.ts has no figures of', FUNCTION_KEYS, {
  'shipment-processor': {
    timeout: 30,
    memory: 256,
    ruleRetry: { retries: 2, maxAgeSeconds: 3_600 },
    description: 'Records new shipments, sets their status and sends notifications.',
  },
  'status-updater': {
    timeout: 15,
    memory: 256,
    ruleRetry: { retries: 1, maxAgeSeconds: 1_800 },
    description: "Records status updates, advances the shipment's status and sends notifications.",
  },
  'notification-handler': {
    timeout: 10,
    memory: 256,
    // An error mail is not urgent: these are EventBridge's defaults.
    ruleRetry: { retries: 185, maxAgeSeconds: 86_400 },
    description: 'Records error events and sends notifications.',
  },
  'status-publisher': {
    timeout: 30,
    memory: 256,
    description: "Puts each change of a shipment's status on the bus.",
  },
  'stalled-shipments': {
    timeout: 60,
    memory: 256,
    rate: 'rate(1 hour)',
    // The next run does the work of an undelivered one.
    ruleRetry: { retries: 2, maxAgeSeconds: 3_600 },
    description: 'Reports open shipments that have had no newer event for some days.',
  },
  'carrier-webhook': {
    // The handler stops itself after seven seconds; a platform that gives up earlier calls again.
    timeout: 10,
    memory: 256,
    description: 'Verifies the webhooks of carrier platforms and puts their events on the bus.',
  },
});

export const STREAM_FIGURES = {
  /** Records in one invocation: ten PutEvents calls. */
  batchSize: 100,
  /** A record is sent to the queue two hours before the stream drops it, which is after 24 hours. */
  maxAgeSeconds: 79_200,
} as const;

/** How long Lambda retries an accepted event: six hours, its maximum. */
export const MAX_EVENT_AGE_SECONDS = 21_600;

export const ALARM_PERIOD_SECONDS = 300;

export const THRESHOLDS = {
  /** Errors of all functions in a period, in two of three periods: a single invalid event has three attempts and must not page. */
  errors: 5,
  writeThrottles: 10,
  /** Share of the timeout that an invocation may take before the alarm on durations goes off. */
  durationShare: 0.8,
  /** Milliseconds an accepted event may wait; the two retries of one failing event take three minutes. */
  asyncEventAge: 600_000,
  /** Milliseconds a change may wait in its stream. */
  iteratorAge: 600_000,
} as const;
