import { spawn } from 'node:child_process';
import { createReadStream, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeTemporaryFolder } from '../../lib/temporary-folder.mjs';
import { UserError } from '../../lib/user-error.mjs';
import { isObject, type Json, type JsonObject } from '../../src/domain/json';
import { changeIn } from '../json-limits';
import { linesOf, NotUtf8 } from '../send/lines';

/**
 * Opens an event in the operator's editor. Only the owner can read the file, and it is deleted afterwards, because an event may have personal data.
 * @throws UserError when the editor fails or the file is not a JSON object afterwards
 */
export async function editInEditor(event: JsonObject): Promise<JsonObject> {
  const folder = makeTemporaryFolder('logistics-repair-');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // A second signal ends the process without running `finally`.
  process.once('exit', remove);
  try {
    const file = path.join(folder, 'event.json');
    writeFileSync(file, `${JSON.stringify(event, null, 2)}\n`, { mode: 0o600 });
    await openEditor(file);
    return parse(await textOf(file));
  } catch (error) {
    throw error instanceof Error && 'syscall' in error
      ? new UserError(`the event cannot be edited: ${error.message}`)
      : error;
  } finally {
    remove();
    process.off('exit', remove);
  }
}

/** Starts the editor as git does: the variable is a shell command, which may have options. */
async function openEditor(file: string): Promise<void> {
  const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi';
  const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new UserError(`the editor (${editor}) ended with ${code}: nothing was changed`);
}

/** Reads the file with the same checks as `send`. */
async function textOf(file: string): Promise<string> {
  const lines: string[] = [];
  try {
    for await (const { text = '' } of linesOf(createReadStream(file), Number.POSITIVE_INFINITY)) lines.push(text);
  } catch (error) {
    throw error instanceof NotUtf8 ? new UserError(`the edited event ${error.message}`) : error;
  }
  return lines.join('\n');
}

function parse(text: string): JsonObject {
  let event: Json;
  try {
    event = JSON.parse(text);
  } catch (error) {
    throw new UserError(`the edited event is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (!isObject(event)) throw new UserError('the edited event is no JSON object');
  const changed = changeIn(text);
  if (changed) throw new UserError(`in the edited event ${changed}`);
  return event;
}
