import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { QUERIES } from '../../../template-src/monitoring/queries';
import { anEnvelope } from '../../support/builders/events';
import { db, everythingWorks, inTheLog, LOGGING, loadHandlers, recordedStatus } from '../../support/builders/handlers';
import { aContext } from '../../support/builders/lambda';
import { capturedLines } from '../../support/builders/log-lines';
import { aWebhook, SETTINGS } from '../../support/builders/webhook-calls';

/** The words of the query language that these queries use, beside names of fields. */
const LANGUAGE = new Set(
  'fields filter sort limit stats by as and or in asc desc count count_distinct max pct bin ispresent'.split(' '),
);

/** The fields a query names: not the language, comments, texts, what it names itself (`as`), or CloudWatch's own (`@…`). */
function fieldsOf(query: readonly string[]): Set<string> {
  const code = query
    .filter((line) => !line.startsWith('#'))
    .join(' ')
    .replace(/"[^"]*"/g, '');
  const aliases = new Set([...code.matchAll(/ as (\w+)/g)].map(([, alias = '']) => alias));
  const words = code.replace(/@\w+/g, '').match(/\b[A-Za-z_]\w*/g) ?? [];
  return new Set(words.filter((word) => !LANGUAGE.has(word) && !aliases.has(word)));
}

/** Lines of every kind that the functions write. */
async function someLines() {
  const handlers = await loadHandlers(LOGGING);
  process.env['_X_AMZN_TRACE_ID'] = 'Root=1-2-3;Parent=4;Sampled=0';
  const run = (input: unknown) => handlers['status-updater'](input, aContext()).catch(() => undefined);
  return capturedLines(async () => {
    everythingWorks();
    recordedStatus('delivered');
    await run(anEnvelope({}, { old_status: 'pending' }));
    await run(anEnvelope({}, { status: 'lost' }));
    inTheLog(db.commandCalls(PutItemCommand)[0]?.args[0].input.Item?.['payload_hash']?.S ?? '');
    await run(anEnvelope({}, { old_status: 'pending' }));
    inTheLog('1:other');
    await run(anEnvelope());
    db.on(PutItemCommand).rejects(new Error('down'));
    await run(anEnvelope());
    const { handler } = await import('../../../src/handlers/carrier-webhook');
    await handler(aWebhook('aftership'), aContext());
    await handler(aWebhook('aftership', '{}', 'a-secret-that-is-not-theirs'), aContext());
  });
}

const ssm = mockClient(SSMClient);

beforeEach(() => ssm.on(GetParameterCommand).resolves({ Parameter: { Value: SETTINGS } }));

describe('a saved query', () => {
  it.each(Object.entries(QUERIES))('"%s" names fields that the functions log', async (_, { query }) => {
    const logged = new Set((await someLines()).flatMap((line) => Object.keys(line)));

    const asked = fieldsOf(query);

    expect(asked.size).toBeGreaterThan(0);
    expect([...asked].filter((field) => !logged.has(field))).toEqual([]);
  });

  it.each(Object.entries(QUERIES))('"%s" compares with values that the functions log', async (_, { query }) => {
    const lines = await someLines();
    const logged = new Set(lines.flatMap((line) => Object.values(line)));

    const compared = [...query.join(' ').matchAll(/"([^"]+)"/g)].map(([, value]) => value);

    expect(compared.filter((value) => value !== 'SHP-7' && !logged.has(value))).toEqual([]);
  });
});
