/** JSON Schema in place of a rule that is written as code: for the published documents, no validation reads it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Attaches its JSON form to a rule; the generator refuses a rule in code that has none. */
export const withJsonSchema = <T extends object>(
  rule: T,
  jsonSchema: JsonSchema,
): T & { readonly jsonSchema: JsonSchema } => Object.assign(rule, { jsonSchema });
