import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { shellWord } from '../../contracts/shell';
import { TABLES } from '../../contracts/tables';
import { UserError } from '../../lib/user-error.mjs';
import { stringOf } from '../../src/adapters/attributes';
import { logKey } from '../../src/adapters/event-log';
import { Rejected } from '../../src/domain/failures';
import { beginningOf, canonicalJson, isObject, type JsonObject } from '../../src/domain/json';
import { hasContentOf, type ShipmentEvent, sha256 } from '../../src/domain/shipment-event';
import { writeRowOf } from '../failures/error-row';
import { discard, type HeldMessage, withMessage } from '../messages/held-message';
import { type FinishingContext, finishingContextOf, help, type Register, setAttentionExitCode } from '../program';
import { assigned, assignmentOf, differences, EDITABLE } from '../repair/changes';
import { editInEditor } from '../repair/edit';
import { type CheckedEvent, checkedEvent, checkOperatorEvent, checkOptionsOf, contractOf } from '../send/checked-event';
import { putEvents } from '../send/put-events';
import type { Target } from '../target/target';
import { utf8 } from '../terminal/option-values';

const ABOUT = `For an event that cannot be accepted as it is. Shows each field that changes, checks the repaired event against its contract, puts it on the bus, and
discards the message with the reason on its error row. The repaired event keeps the identity of the original (its event_id and occurred_at, else
the id and time that the bus gave it), so it has one effect however often this is repeated. An event that can be accepted as it is must be redriven
instead; one that is on record with other content needs an event_id of its own.

A value is read as JSON, else as text: --set 'detail.shipment_id="1007"' gives a text of digits. --edit opens the event in $VISUAL or
$EDITOR.`;

interface RepairOptions {
  readonly set?: readonly string[];
  readonly edit?: boolean;
  readonly dryRun?: boolean;
}

type Change = (event: JsonObject) => JsonObject;

export const register: Register = (program) => {
  program
    .command('repair')
    .description('change an event that was refused, and send it again in place of its message')
    .argument('<message>', 'its id, as `queues <queue>` shows it')
    .option('--set <field=value>', 'set a field; may be repeated', (text, texts: string[] = []) => [
      ...texts,
      utf8(text),
    ])
    .option('--edit', 'change it in an editor')
    .option('--dry-run', 'show and check the change, and do nothing')
    .addHelpText(
      'after',
      help(
        ABOUT,
        'repair 6f1e… --set detail.status=in_transit --dry-run',
        'repair 6f1e… --set detail.status=in_transit',
        'repair 6f1e… --edit',
      ),
    )
    .action(async (message: string, { set = [], edit = false, dryRun = false }: RepairOptions, command) => {
      if (edit === set.length > 0) throw new UserError('give --set or --edit, one of the two', 2);
      const context = finishingContextOf(command);
      const change = edit ? await changeByEditor(message, context) : changeBy(set);
      const repaired = change && (await withMessage(message, context, (held) => repair(held, change, dryRun, context)));
      if (repaired) return context.print.result(repaired);
      context.print.note('nothing was repaired: it ended before the message was found');
      setAttentionExitCode();
    });
};

function changeBy(set: readonly string[]): Change {
  const assignments = set.map(assignmentOf);
  return (event) => assignments.reduce(assigned, event);
}

/** Releases the message while the editor is open, which may take longer than SQS hides a message. */
async function changeByEditor(message: string, context: FinishingContext): Promise<Change | undefined> {
  const event = await withMessage(message, context, async (held) => editableOf(eventOf(held)));
  if (!event) return undefined;
  const result = await editInEditor(event);
  return () => result;
}

/** @throws UserError when the message holds no event */
function eventOf({ message }: HeldMessage): JsonObject {
  const { event } = message;
  if ('unreadable' in message || !isObject(event)) {
    const reason = 'unreadable' in message ? message.unreadable : 'it is no JSON object';
    throw new UserError(`message ${shellWord(message.messageId)} cannot be repaired: ${reason}`);
  }
  return event;
}

const editableOf = (event: JsonObject): JsonObject =>
  Object.fromEntries(EDITABLE.flatMap((name) => (event[name] === undefined ? [] : [[name, event[name]]])));

/**
 * Sends the repaired event, then deletes the message. When interrupted in between, the same command sends the same event again, which is a
 * duplicate. The error row records what was sent, so that a different repair of the same message, which would conflict, is refused.
 * @throws UserError when the event needs no repair, or would be refused or conflict as repaired
 */
async function repair(held: HeldMessage, change: Change, dryRun: boolean, { target, print }: FinishingContext) {
  const original = eventOf(held);
  const changed = change(editableOf(original));
  const repairedEvent = withIdentityOf(original, changed);
  const changes = differences(editableOf(original), repairedEvent);
  await throwIfAcceptable(withIdentityOf(original, editableOf(original)), held, target);
  if (changes.length === 0) throw new UserError('nothing was changed');
  print.rows(changes);

  const repaired = checkOperatorEvent(repairedEvent, target, 'it would be refused as repaired: ');
  const { recorded } = repaired;
  const logged = await onRecord(repaired, target);
  if (recorded && logged === 'with another content')
    throw new UserError(
      `an event ${shellWord(recorded.event_id)} of ${new Date(recorded.timestamp).toISOString()} is on record with another content: give this one an identity of its own, --set detail.event_id={id}`,
    );
  const event_id = recorded?.event_id ?? null;
  if (dryRun) return { message: held.message.messageId, event_id, outcome: 'would be repaired' };
  await keepRepair(held, recorded ? nameOf(recorded) : sha256(canonicalJson(repairedEvent)), target);
  if (logged === 'nothing') {
    const [answer] = await putEvents(target.events, [repaired.entry]);
    if (!answer || 'refused' in answer) throw new UserError(`the bus refused the repaired event: ${answer?.refused}`);
  }
  const fields = beginningOf(changes.map(({ field }) => field).join(', '), 500);
  const discarded = await discard(
    held,
    `repaired: ${fields}; sent again as ${event_id === null ? 'a new event' : shellWord(event_id)}`,
    target,
  );
  return { ...discarded, event_id, outcome: 'repaired' };
}

/** Adds the identity from the original's envelope where the detail has none. Error events have no identity. */
function withIdentityOf(original: JsonObject, event: JsonObject): JsonObject {
  const { source, 'detail-type': detailType, time = null, detail } = event;
  if (!isObject(detail) || !contractOf({ source, detailType })?.recordsShipment) return event;
  return {
    ...event,
    detail: {
      ...detail,
      event_id: detail['event_id'] ?? original['id'] ?? null,
      occurred_at: detail['occurred_at'] ?? time,
    },
  };
}

/** @throws UserError when the original can be accepted by a redrive or a replay, which would then conflict with the repaired event */
async function throwIfAcceptable(original: JsonObject, { queue, message }: HeldMessage, target: Target): Promise<void> {
  let logged: OnRecord;
  try {
    logged = await onRecord(checkedEvent(original, checkOptionsOf(target)), target);
  } catch (error) {
    if (error instanceof Rejected) return;
    throw error;
  }
  if (logged === 'with another content') return;
  const takeOut = target.command`discard ${message.messageId} --reason "on record"`;
  if (logged === 'as it is') throw new UserError(`the event is on record as it is: \`${takeOut}\``);
  const again = queue.key === 'unrouted' ? target.command`send -` : target.command`redrive ${queue.key}`;
  throw new UserError(`the event can be accepted as it is: \`${again}\``);
}

/** Content of the log under an event's identity. Error events are not in the log. */
type OnRecord = 'nothing' | 'as it is' | 'with another content';

async function onRecord({ recorded }: CheckedEvent, { db, name }: Target): Promise<OnRecord> {
  if (!recorded) return 'nothing';
  const { Item } = await db.send(
    new GetItemCommand({
      TableName: name(TABLES.shipmentEvents.name),
      Key: logKey(recorded),
      ProjectionExpression: 'payload_hash',
      ConsistentRead: true,
    }),
  );
  const stored = stringOf(Item, 'payload_hash');
  if (stored === undefined) return 'nothing';
  return hasContentOf(stored, recorded) ? 'as it is' : 'with another content';
}

const nameOf = ({ event_id, timestamp, payload_hash }: ShipmentEvent) => `${event_id}#${timestamp}#${payload_hash}`;

/** Records the repair on the error row. @throws UserError when the row has another repair of the message */
async function keepRepair({ queue, message }: HeldMessage, repaired_as: string, target: Target): Promise<void> {
  const condition = 'attribute_not_exists(#repaired_as) OR #repaired_as = :repaired_as';
  try {
    await writeRowOf(message.event, queue.key, { set: { repaired_as }, condition }, target);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
    throw new UserError(
      'another repair of this message was begun, and its event may be on the bus: repeat that one, or discard the message and send the event under another event_id',
    );
  }
}
