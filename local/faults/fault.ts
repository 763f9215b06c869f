export type Act =
  | 'request lost'
  | 'response lost'
  | 'answers 500'
  | 'throttled'
  | 'transaction conflict'
  | 'entry refused'
  | 'no answer'
  | 'killed before'
  | 'killed after';

/** How long a fault lasts: for one request, or for all later calls to the service in this attempt or in all three. */
export type Span = 'once' | 'attempt' | 'delivery';

export interface Fault {
  readonly act: Act;
  readonly span: Span;
}

/** The spans that are tried of each fault. */
const SPANS: Readonly<Partial<Record<Act, readonly Span[]>>> = {
  'request lost': ['once'],
  'response lost': ['once', 'attempt'],
  'answers 500': ['once', 'attempt', 'delivery'],
  throttled: ['once', 'attempt'],
  'no answer': ['once'],
  'killed before': ['once', 'delivery'],
  'killed after': ['once', 'delivery'],
};

const SPANS_OF_ONE_SERVICE: Readonly<Record<string, typeof SPANS>> = {
  dynamodb: { 'transaction conflict': ['once', 'attempt'] },
  events: { 'entry refused': ['once', 'delivery'] },
};

/** Every fault that can be injected into a call to this service. */
export const faultsOf = (service: string): readonly Fault[] =>
  Object.entries({ ...SPANS, ...SPANS_OF_ONE_SERVICE[service] }).flatMap(([act, spans]) =>
    spans.map((span) => ({ act: act as Act, span })),
  );

/** An error answer of AWS, which has not carried out the call. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
}

const json = (status: number, type: string): Refusal => ({
  status,
  body: JSON.stringify({ __type: type, message: `injected: ${type}` }),
});

const queryError = (status: number, code: string): Refusal => ({
  status,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>injected: ${code}</Message></Error></ErrorResponse>`,
});

/** The service's error answer for a fault; undefined for a fault without an answer. */
export function refusalOf(act: Act, service: string): Refusal | undefined {
  if (act === 'answers 500')
    return service === 'sns' ? queryError(500, 'InternalError') : json(500, 'InternalServerError');
  if (act === 'throttled') {
    if (service === 'sns') return queryError(400, 'Throttling');
    return json(400, service === 'dynamodb' ? 'ProvisionedThroughputExceededException' : 'ThrottlingException');
  }
  if (act === 'transaction conflict') return json(400, 'TransactionConflictException');
  if (act === 'entry refused') {
    const Entries = [{ ErrorCode: 'InternalFailure', ErrorMessage: 'injected' }];
    return { status: 200, body: JSON.stringify({ FailedEntryCount: 1, Entries }) };
  }
  return undefined;
}
