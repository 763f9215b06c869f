/** JSON Schema that describes a rule in code, for the published documents; no validation reads it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Attaches its JSON Schema to a rule in code; the generator refuses a rule without one. */
export const withJsonSchema = <T extends object>(
  rule: T,
  jsonSchema: JsonSchema,
): T & { readonly jsonSchema: JsonSchema } => Object.assign(rule, { jsonSchema });
