import { shellWord } from '../../contracts/shell';
import { type Difference, goneBefore } from '../rebuild/difference';
import { examine } from '../rebuild/examine';
import { sample } from '../rebuild/sweep';
import { attention, type Findings, ok, type Stack } from './check';

/** Rows of each table to compare: enough to detect that only one table was restored, or that many rows were edited by hand. */
const SAMPLE_SIZE = 100;

export async function statuses({ target, parameters }: Stack): Promise<Findings> {
  const ports = { target, goneBefore: goneBefore(parameters.get('EventRetentionDays'), target.now()) };
  const different = new Map<string, Difference>();
  const compare = async (id: string) => {
    const difference = different.size === 0 ? await examine(id, {}, ports) : undefined;
    if (difference) different.set(id, difference);
  };
  await sample(SAMPLE_SIZE, { ...ports, mayLack: compare, mayExceed: compare });
  const [first] = different.values();
  const compareAll = target.command`rebuild --dry-run`;
  if (!first) return [ok(`no difference from the log among ${SAMPLE_SIZE} of each; \`${compareAll}\` compares all`)];
  return [attention(`${shellWord(first.shipment_id)} differs from its log (${first.kind})`, compareAll)];
}
