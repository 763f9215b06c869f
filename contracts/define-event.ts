/**
 * One definition of an event, from which everything else about it follows: the rule's pattern, the handler's types and validation,
 * the published documents, the publisher's types, and the samples in `events/`.
 */
import * as v from 'valibot';
import type { JsonSchema } from './json-schema';

export type DetailFields = v.ObjectEntries;

export interface EventContract<
  TFields extends DetailFields = DetailFields,
  TDetailType extends string = string,
  TOpen extends boolean = boolean,
> {
  readonly source: string;
  readonly detailType: TDetailType;
  /** Rises when the contract changes incompatibly after its release; docs/decisions/0022 says how. */
  readonly version: number;
  /** One sentence for the documents that are generated from the contract. */
  readonly summary: string;
  readonly fields: TFields;
  /** True when further fields are part of the event and are passed on. Otherwise they are allowed, and ignored. */
  readonly open?: TOpen;
  readonly rules: readonly CrossFieldRule[];
  /** Refusals beyond the shape, for the documents; each completes "refused as well: …". */
  readonly limits: readonly string[];
}

/** A rule across fields: the field to blame, and the message when the rule does not hold. */
export interface CrossFieldRule {
  readonly field: string;
  readonly message: string;
  /** The same rule as keywords of JSON Schema. */
  readonly jsonSchema: JsonSchema;
  holds(detail: Record<string, unknown>): boolean;
}

/** The detail of an event of this contract, defaults applied; fields the contract does not name are left out. */
export type DetailOf<C extends EventContract> = v.InferOutput<v.ObjectSchema<C['fields'], undefined>>;

/** An example of the event, written to `events/<function>/<name>.json`; `time` is the envelope's. */
export interface Sample<C extends EventContract> {
  readonly summary: string;
  readonly time: string;
  readonly detail: v.InferInput<v.ObjectSchema<C['fields'], undefined>> & Readonly<Record<string, unknown>>;
}

/** The samples of one contract by file name. */
export type SamplesOf<C extends EventContract> = Readonly<Record<string, Sample<C>>>;

/** Declares an event; see CONTRIBUTING.md for adding one. */
export function defineEvent<
  TFields extends DetailFields,
  const TDetailType extends string,
  const TOpen extends boolean = false,
>(
  contract: Omit<EventContract<TFields, TDetailType, TOpen>, Defaulted> & Partial<Pick<EventContract, Defaulted>>,
): EventContract<TFields, TDetailType, TOpen> {
  return { rules: [], limits: [], ...contract };
}

type Defaulted = 'rules' | 'limits';

/** A problem of a detail: the path of the field, from `detail` on, and the message. */
export interface DetailProblem {
  readonly path: string;
  readonly message: string;
}

export type DetailResult<C extends EventContract> =
  | {
      readonly ok: true;
      readonly detail: DetailOf<C>;
      /** As received, with every key, except optional fields that are null. */
      readonly received: Readonly<Record<string, unknown>>;
    }
  | { readonly ok: false; readonly problems: readonly DetailProblem[] };

/**
 * Validates a received detail. Fields that the contract does not name are allowed, and an optional field that is null counts as absent.
 * Never throws. valibot rebuilds nested objects in `detail`; use `metadata` from `received` where every key must survive.
 */
export function parseDetail<C extends EventContract>(contract: C, detail: unknown): DetailResult<C> {
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) {
    return { ok: false, problems: [{ path: 'detail', message: 'must be a JSON object' }] };
  }
  const received = withoutNulls(contract.fields, detail);
  const parsed = v.safeParse(v.object(contract.fields), received);
  if (!parsed.success) {
    const problems = parsed.issues.map((issue) => ({
      path: ['detail', v.getDotPath(issue)].filter(Boolean).join('.'),
      message: issue.input === undefined ? 'is missing' : issue.message,
    }));
    return { ok: false, problems };
  }
  const broken = contract.rules.filter((rule) => !rule.holds(received));
  if (broken.length > 0) {
    return { ok: false, problems: broken.map(({ field, message }) => ({ path: `detail.${field}`, message })) };
  }
  return { ok: true, detail: parsed.output as DetailOf<C>, received };
}

/** An object without its optional fields that are null: many serializers write null for an absent field. Other keys are unchanged. */
function withoutNulls(fields: DetailFields, object: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field?.type !== 'optional' || !('wrapped' in field)) return [[name, value]];
      if ((value ?? null) === null) return [];
      const inner = fieldsOf(field.wrapped as v.GenericSchema);
      const isNested = inner && typeof value === 'object' && !Array.isArray(value);
      return [[name, isNested ? withoutNulls(inner, value) : value]];
    }),
  );
}

/** The fields of an object's schema, which may be in a pipe; undefined for any other schema. */
function fieldsOf(schema: v.GenericSchema & { readonly pipe?: readonly object[] }): DetailFields | undefined {
  const object = (schema.pipe ?? [schema]).find((part) => 'entries' in part);
  return object && (object as unknown as { readonly entries: DetailFields }).entries;
}
