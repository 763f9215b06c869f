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

type Service = 'dynamodb' | 'sns' | 'events';

const EVERY_SERVICE: readonly Fault[] = [
  { act: 'request lost', span: 'once' },
  { act: 'response lost', span: 'once' },
  { act: 'response lost', span: 'attempt' },
  { act: 'answers 500', span: 'once' },
  { act: 'answers 500', span: 'attempt' },
  { act: 'answers 500', span: 'delivery' },
  { act: 'throttled', span: 'once' },
  { act: 'throttled', span: 'attempt' },
  { act: 'no answer', span: 'once' },
  { act: 'killed before', span: 'once' },
  { act: 'killed before', span: 'delivery' },
  { act: 'killed after', span: 'once' },
  { act: 'killed after', span: 'delivery' },
];

const OF_ONE_SERVICE: Record<Service, readonly Fault[]> = {
  dynamodb: [
    { act: 'transaction conflict', span: 'once' },
    { act: 'transaction conflict', span: 'attempt' },
  ],
  sns: [],
  events: [
    { act: 'entry refused', span: 'once' },
    { act: 'entry refused', span: 'delivery' },
  ],
};

/** Every fault that can be injected into a call to this service. */
export const faultsOf = (service: string): readonly Fault[] => [
  ...EVERY_SERVICE,
  ...(OF_ONE_SERVICE[service as Service] ?? []),
];

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
