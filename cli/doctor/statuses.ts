import { shellWord } from '../../contracts/shell';
import { type Difference, goneBefore } from '../rebuild/difference';
import { examine } from '../rebuild/examine';
import { sample } from '../rebuild/sweep';
import { attention, type Findings, ok, type Stack } from './check';

/** Rows of each table that are looked at: enough to see that a table was restored alone, or changed by hand at large. */
const ROWS = 100;

/** Compares some statuses with the log. */
export async function statuses({ target, parameters }: Stack): Promise<Findings> {
  const ports = { target, goneBefore: goneBefore(parameters.get('EventRetentionDays'), target.now()) };
  const different = new Map<string, Difference>();
  const look = async (id: string) => {
    const difference = different.size === 0 ? await examine(id, {}, ports) : undefined;
    if (difference) different.set(id, difference);
  };
  await sample(ROWS, { ...ports, mayLack: look, mayExceed: look });
  const [first] = different.values();
  const all = target.command`rebuild --dry-run`;
  if (!first) return [ok(`no difference from the log among ${ROWS} of each; \`${all}\` compares all`)];
  return [attention(`${shellWord(first.shipment_id)} is not what the log makes of it (${first.kind})`, all)];
}
