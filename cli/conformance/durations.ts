import { randomUUID } from 'node:crypto';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { contract as statusUpdated } from '../../contracts/events/status-updater/shipment-status-updated';
import { functionName, LIVE_ALIAS } from '../../contracts/functions';
import { type Claims, notTried, verdict } from './claim';
import type { Trial } from './trial';

/** Concurrent invocations, most of which start an environment, and then sequential ones. */
const COLD = 5;
const WARM = 10;

/**
 * Maximum milliseconds: three times what the sweep at 256 MB measured for a warm event (14 ms, and 4 for each of two calls) and for a start (init of
 * 92 ms, and the calls of priming), since AWS has other processors and distances. Beyond this the sweep is misleading.
 */
const MOST = { warm: 66, init: 600 } as const;

/** The median; 0 when there are no values. */
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Milliseconds in Lambda's report at the end of a log, in JSON or text format. */
function reportIn(log: string) {
  const [, duration] = /"durationMs":\s*([\d.]+)/.exec(log) ?? /\tDuration: ([\d.]+) ms/.exec(log) ?? [];
  const [, init] = /"initDurationMs":\s*([\d.]+)/.exec(log) ?? /Init Duration: ([\d.]+) ms/.exec(log) ?? [];
  // Only a cold start has an init.
  return duration ? { duration: Number(duration), ...(init && { init: Number(init) }) } : undefined;
}

async function invoke(number: number, trial: Trial) {
  const { lambda, name, now } = trial.target;
  const shipment_id = `${trial.prefix}duration-${number}`;
  trial.shipments.add(shipment_id);
  const event = {
    id: randomUUID(),
    source: statusUpdated.source,
    'detail-type': statusUpdated.detailType,
    time: new Date(now()).toISOString(),
    detail: { shipment_id, status: 'in_transit', metadata: { conformance: true } },
  };
  const FunctionName = name(functionName('status-updater'));
  const { LogResult = '' } = await lambda.send(
    new InvokeCommand({ FunctionName, Qualifier: LIVE_ALIAS, LogType: 'Tail', Payload: JSON.stringify(event) }),
  );
  return reportIn(Buffer.from(LogResult, 'base64').toString());
}

export const durations: Claims = {
  durations: {
    sentence: `The status updater starts in less than ${MOST.init} ms and handles a warm event in less than ${MOST.warm} ms, three times the values measured in docs/performance.md.`,
    source:
      'docs/performance.md, "Cold starts" and "Memory"; Lambda developer guide, "Understanding the Lambda execution environment lifecycle"',
    how: `${COLD} invocations at once and ${WARM} one after another; medians of the durations that Lambda reports, with init apart`,
    async try(trial) {
      const reports = await Promise.all(Array.from({ length: COLD }, (_, index) => invoke(index, trial)));
      for (let index = 0; index < WARM; index += 1) reports.push(await invoke(COLD + index, trial));
      const inits = reports.flatMap((report) => report?.init ?? []);
      const first = reports.flatMap((report) => (report?.init === undefined ? [] : report.duration));
      const warm = reports.flatMap((report) => (report && report.init === undefined ? report.duration : []));
      if (warm.length === 0) return notTried('Lambda sent no report with the answer');
      const cold =
        inits.length > 0
          ? `${median(inits)} ms of init and ${median(first)} for the first event (${inits.length} starts)`
          : 'no cold start';
      return verdict(
        median(warm) < MOST.warm && median(inits) < MOST.init,
        `${cold}; ${median(warm)} ms for a warm event (${warm.length})`,
      );
    },
  },
};
