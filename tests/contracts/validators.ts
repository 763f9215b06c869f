/** The standards' own validators, set up as a reader of our documents would. */
import Ajv07 from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

/** JSON Schema 2020-12, formats asserted; in strict mode, which refuses keywords it does not know. */
export function draft2020() {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
  addFormats(ajv);
  return ajv;
}

/** Draft 07, which AsyncAPI's payloads are written in. */
export function draft07() {
  const ajv = new Ajv07({ allErrors: true, strict: true, strictRequired: false });
  addFormats(ajv);
  return ajv;
}

/** A schema as a reader of the document has it. */
export const asJson = (schema: unknown) => JSON.parse(JSON.stringify(schema));
