import { isObject, type Json } from '../../src/domain/json';
import { changeIn } from '../json-limits';
import { type Line, linesOf, NotUtf8 } from './lines';

/** Larger than any event that the bus accepts, however it is escaped. Limits the memory for an input. */
export const MAX_DOCUMENT_BYTES = 8 * 1_024 * 1_024;

type InputDocument = ReturnType<typeof documentOf>;

/** Overhead of a line in memory, so that many short lines count too. */
const LINE_BYTES = 64;

const TOO_LONG = `is longer than ${MAX_DOCUMENT_BYTES / 1_024 / 1_024} MB: one event a line, or one a file`;

/**
 * Reads the JSON objects of an input: one a line (NDJSON, blank lines are skipped), or a single one over many lines when the first line does not end
 * its value. Stops at text that is not UTF-8, since the rest would not be either.
 */
export async function* documentsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<InputDocument> {
  try {
    yield* documentsIn(linesOf(chunks, MAX_DOCUMENT_BYTES));
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    yield { line: error.line, problem: `${error.message}; nothing from this line on is read` };
  }
}

async function* documentsIn(lines: AsyncGenerator<Line>): AsyncGenerator<InputDocument> {
  let isFirst = true;
  for await (const { number, text } of lines) {
    if (text?.trim() === '') continue;
    if (isFirst && text !== undefined && isOpening(text)) {
      yield await restOf(number, text, lines);
      return;
    }
    isFirst = false;
    yield text === undefined ? { line: number, problem: TOO_LONG } : documentOf(number, text);
  }
}

/** True for a line that begins a value and does not end it. Even an invalid line of NDJSON ends with a bracket. */
function isOpening(text: string): boolean {
  return /^\s*[{[]/.test(text) && !/[}\]]\s*$/.test(text);
}

async function restOf(line: number, first: string, lines: AsyncGenerator<Line>): Promise<InputDocument> {
  const texts = [first];
  let bytes = Buffer.byteLength(first);
  for await (const { text } of lines) {
    bytes += LINE_BYTES + Buffer.byteLength(text ?? '');
    if (text === undefined || bytes > MAX_DOCUMENT_BYTES) return { line, problem: TOO_LONG };
    texts.push(text);
  }
  return documentOf(line, texts.join('\n'));
}

function documentOf(line: number, text: string) {
  try {
    const value: Json = JSON.parse(text);
    if (isObject(value)) {
      const problem = changeIn(text);
      return problem ? { line, problem } : { line, value };
    }
    const is = Array.isArray(value) ? 'a list' : 'no object';
    return { line, problem: `is ${is}: give one event a line (jq -c '.[]' makes lines of a list), or one a file` };
  } catch (error) {
    return { line, problem: `is no JSON: ${error instanceof Error ? error.message : error}` };
  }
}
