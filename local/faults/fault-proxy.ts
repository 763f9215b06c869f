import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOOPBACK } from '../environment';
import { denialOf, deny } from '../guard';
import { signedFor } from '../signature';
import { type Act, refusalOf } from './fault';

/** A request to AWS that the proxy received. */
export interface Call {
  /** Its number among the requests of this delivery, from 0. */
  readonly index: number;
  readonly attempt: number;
  /** Its number among the requests of this attempt, from 0. */
  readonly indexInAttempt: number;
  /** `dynamodb`, `sns` or `events`. */
  readonly service: string;
  /** `dynamodb PutItem logistics-shipments-dev`. */
  readonly label: string;
  /** The fault that was injected, if any. */
  readonly act?: Act;
  /** True when AWS carried out the call. */
  readonly effect: boolean;
}

/** A request before its outcome is known. */
export type Request = Omit<Call, 'act' | 'effect'>;

/** Chooses the fault of a call, if any; `body` is the request's. */
export type FaultPlan = (call: Request, body: Buffer) => Act | undefined;

/** Observes AWS's answer, even if a fault hides it from the handler. The handler gets the answer once the promise resolves. */
export type ResponseObserver = (call: Request, body: Buffer, status: number) => void | Promise<void>;

/** Kills the process that made the call, possibly by what it answers. */
export type Kill = (answer: ServerResponse) => void;

/** A delivery has a few dozen calls; the limit is for a stack that stays up for days. */
const CALLS_KEPT = 10_000;

/**
 * Proxy between a handler and the emulator: records every request and injects the faults of the plan. It accepts the calls that the
 * emulator would accept, and signs them again for the emulator's address.
 */
export class FaultProxy {
  /** The latest calls of this delivery. */
  calls: Call[] = [];
  private index = 0;
  private attempt = 0;
  private indexInAttempt = 0;
  private plan: FaultPlan = () => undefined;
  private kill: Kill = () => undefined;
  private observeResponse: ResponseObserver = () => undefined;
  private lastSeen = Date.now();
  private open = 0;
  private host = '';
  private counts = true;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly server = createServer((incoming, answer) => {
    // The emulator has ended.
    this.handle(incoming, answer).catch(() => incoming.socket.destroy());
  });

  /** @param upstream the emulator's endpoint; may be given later, by {@link forwardTo} */
  constructor(private upstream?: URL) {}

  watch(observeResponse: ResponseObserver): void {
    this.observeResponse = observeResponse;
  }

  forwardTo(endpoint: string): void {
    this.upstream = new URL(endpoint);
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, LOOPBACK, resolve));
    this.host = `${LOOPBACK}:${(this.server.address() as AddressInfo).port}`;
    return `http://${this.host}`;
  }

  /** Begins a delivery, whose calls are numbered from 0. */
  beginDelivery(plan: FaultPlan): void {
    this.calls = [];
    this.index = 0;
    this.plan = plan;
    this.attempt = -1;
  }

  /** @param kill kills the handler's process for a fault `killed …` */
  beginAttempt(kill: Kill): void {
    this.attempt += 1;
    this.indexInAttempt = 0;
    this.kill = kill;
  }

  /** Until the work is done, calls get no faults and do not count as calls of a delivery. Observers still get them. */
  async letThrough(work: Promise<unknown>): Promise<void> {
    this.counts = false;
    await work;
    this.counts = true;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
    this.agent.destroy();
  }

  /** Number of requests without an answer yet. */
  get underWay(): number {
    return this.open;
  }

  /** Milliseconds since the last request. */
  get quietFor(): number {
    return Date.now() - this.lastSeen;
  }

  private async handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const denial = denialOf(incoming, body, this.host);
    if (denial) return deny(answer, denial);
    this.lastSeen = Date.now();
    this.open += 1;
    answer.once('close', () => {
      this.open -= 1;
    });
    const call = {
      ...nameOf(incoming, body),
      index: this.index,
      attempt: this.attempt,
      indexInAttempt: this.indexInAttempt,
    };
    const act = this.counts ? this.plan(call, body) : undefined;
    const refusal = act && refusalOf(act, call.service);
    const reaches = act === undefined || act === 'response lost' || act === 'killed after';
    if (this.counts) {
      this.index += 1;
      this.indexInAttempt += 1;
      this.calls.push({ ...call, ...(act && { act }), effect: reaches });
      if (this.calls.length > CALLS_KEPT) this.calls.shift();
    }
    if (refusal) {
      answer.writeHead(refusal.status, { 'content-type': 'application/x-amz-json-1.0' }).end(refusal.body);
      return;
    }
    if (act === 'no answer') return;
    if (act === 'killed before') this.kill(answer);
    const response = reaches ? await this.forward(incoming, body) : undefined;
    if (response) await this.observeResponse(call, body, response.status);
    if (act === 'killed after') this.kill(answer);
    if (answer.writableEnded) return;
    if (!response || act !== undefined) {
      incoming.socket.destroy();
      return;
    }
    answer.writeHead(response.status, response.headers).end(response.body);
  }

  private forward({ method, url, headers: received }: IncomingMessage, body: Buffer) {
    return new Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>((resolve, reject) => {
      const { hostname, port, host = '' } = this.upstream ?? {};
      const headers = signedFor(host, { method, url, headers: received, body });
      const options = { hostname, port, path: url, method, headers };
      const outgoing = request({ ...options, agent: this.agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => {
          const { 'transfer-encoding': _, ...headers } = response.headers;
          resolve({ status: response.statusCode ?? 502, headers, body: Buffer.concat(chunks) });
        });
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }
}

/** Reads the service from the signature's scope, and the operation from a header (JSON protocols) or the body (SNS's query protocol). */
function nameOf({ headers }: IncomingMessage, body: Buffer): Pick<Call, 'service' | 'label'> {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unsigned';
  const target = headers['x-amz-target'];
  if (typeof target !== 'string') {
    return { service, label: `${service} ${new URLSearchParams(body.toString()).get('Action') ?? 'unknown'}` };
  }
  const { TableName } = JSON.parse(body.toString()) as { TableName?: string };
  return { service, label: [service, target.split('.').at(-1), TableName].filter(Boolean).join(' ') };
}
