/** JSON Schema validators, set up as a reader of our documents would. */
import { readFileSync } from 'node:fs';
import Ajv07, { type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { PUBLISHED, versionedName } from '../../../tools/generate/published';

/** Strict mode refuses unknown keywords; formats are asserted. */
const AS_A_READER: Options = { allErrors: true, strict: true, strictRequired: false };

/** JSON Schema 2020-12. */
export function draft2020(options: Options = AS_A_READER) {
  const ajv = new Ajv2020(options);
  addFormats(ajv);
  return ajv;
}

/** JSON Schema draft 07, for AsyncAPI and its payloads. */
export function draft07(options: Options = AS_A_READER) {
  const ajv = new Ajv07(options);
  addFormats(ajv);
  return ajv;
}

/** A schema as its published JSON has it. */
export const asJson = (schema: unknown) => JSON.parse(JSON.stringify(schema));

export function published(title: string) {
  const message = PUBLISHED.find((candidate) => candidate.title === title);
  if (!message) throw new Error(`no message ${title} is published`);
  return message;
}

/** The committed schema of a message, by the name of its file. */
export const committedSchema = (name: string) => JSON.parse(readFileSync(`docs/contracts/${name}.schema.json`, 'utf8'));

/** The committed schema of a message, compiled. */
export const validatorOf = (title: string) => draft2020().compile(committedSchema(versionedName(published(title))));
