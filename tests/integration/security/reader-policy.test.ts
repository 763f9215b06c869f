/** The policy that publisher/README.md gives a reader, against the calls that the reader makes. */
import { readFileSync } from 'node:fs';
import type { DynamoDBClient, GetItemCommandInput, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { createReader } from '../../../publisher/reader';
import { ACCOUNT, decisions, type PolicyDocument, type Request } from './iam';

const [, json = ''] = /```json\n(.*?)```/s.exec(readFileSync('publisher/README.md', 'utf8')) ?? [];
const policy: PolicyDocument = JSON.parse(json.replaceAll('REGION', 'us-east-1').replaceAll('ACCOUNT', ACCOUNT));

/** The reader's requests, as IAM sees them. */
async function requestsOfReader(): Promise<Request[]> {
  const requests = new Map<string, Request>();
  const send = async (command: { input: GetItemCommandInput & QueryCommandInput; constructor: { name: string } }) => {
    const { TableName, IndexName } = command.input;
    const table = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/${TableName}`;
    const resource = IndexName ? `${table}/index/${IndexName}` : table;
    const action = `dynamodb:${command.constructor.name.replace(/Command$/, '')}`;
    requests.set(`${action} ${resource}`, { action, resource });
    return {};
  };
  const client = { send } as unknown as Pick<DynamoDBClient, 'send'>;
  const reader = createReader({ environment: 'prod', client });
  await reader.track('S');
  for await (const _ of reader.list()) throw new Error('there is no shipment');
  return [...requests.values()];
}

it('the policy allows each call of the reader, and no other', async () => {
  const requests = await requestsOfReader();
  const granted = (policy.Statement as readonly { Action: string; Resource: string | readonly string[] }[]).flatMap(
    ({ Action, Resource }) => [Resource].flat().map((resource) => `${Action} ${resource}`),
  );

  expect(requests).toHaveLength(3);
  expect(decisions({ layers: [policy] }, requests)).toEqual(requests.map(() => 'Allow'));
  expect(granted.sort()).toEqual(requests.map(({ action, resource }) => `${action} ${resource}`).sort());
});
