/** The policy that publisher/README.md gives a reader, against the calls that the reader makes. */
import { readFileSync } from 'node:fs';
import type { DynamoDBClient, GetItemCommandInput, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { createReader } from '../../../publisher/reader';
import { ACCOUNT, decisions, type PolicyDocument, type Request } from './iam';

const [, json = ''] = /```json\n(.*?)```/s.exec(readFileSync('publisher/README.md', 'utf8')) ?? [];
const policy: PolicyDocument = JSON.parse(json.replaceAll('REGION', 'us-east-1').replaceAll('ACCOUNT', ACCOUNT));

/** What the reader asks DynamoDB, as IAM sees it. */
async function requestsMade(): Promise<Request[]> {
  const made = new Map<string, Request>();
  const send = async (command: { input: GetItemCommandInput & QueryCommandInput; constructor: { name: string } }) => {
    const { TableName, IndexName } = command.input;
    const table = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/${TableName}`;
    const resource = IndexName ? `${table}/index/${IndexName}` : table;
    const action = `dynamodb:${command.constructor.name.replace(/Command$/, '')}`;
    made.set(`${action} ${resource}`, { action, resource });
    return {};
  };
  const client = { send } as unknown as Pick<DynamoDBClient, 'send'>;
  const reader = createReader({ environment: 'prod', client });
  await reader.track('S');
  for await (const _ of reader.list()) throw new Error('there is none');
  return [...made.values()];
}

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

it('allows each call', async () => {
  const requests = await requestsMade();

  expect(requests).toHaveLength(3);
  expect(decisions({ layers: [policy] }, requests)).toEqual(requests.map(() => 'Allow'));
});

it('allows no other', async () => {
  const requests = await requestsMade();
  const granted = (policy.Statement as readonly { Action: string; Resource: string | readonly string[] }[]).flatMap(
    ({ Action, Resource }) => list(Resource).map((resource) => `${Action} ${resource}`),
  );

  expect(granted.sort()).toEqual(requests.map(({ action, resource }) => `${action} ${resource}`).sort());
});
