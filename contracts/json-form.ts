/** What JSON Schema says in place of a rule that is written as code: for the published documents, no validation reads it. */
export type JsonForm = Readonly<Record<string, unknown>>;

/** Attaches its JSON form to a rule; the generator refuses a rule in code that has none. */
export const saidInJson = <T extends object>(rule: T, jsonForm: JsonForm): T & { readonly jsonForm: JsonForm } =>
  Object.assign(rule, { jsonForm });
