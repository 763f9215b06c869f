import type { IncomingMessage, ServerResponse } from 'node:http';
import { denialOf, deny } from '../../local/guard';

interface Item {
  readonly [name: string]: { readonly S?: string } | undefined;
}

interface Input {
  readonly TableName: string;
  readonly ConditionExpression?: string;
  readonly Item?: Item;
  readonly ExpressionAttributeValues?: Item;
}

type Answer = readonly [status: number, body: string];

const ok = (body: unknown): Answer => [200, JSON.stringify(body)];

const conditionFailed = (item?: Item): Answer => [
  400,
  JSON.stringify({
    __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    message: 'The conditional request failed',
    Item: item,
  }),
];

/** The condition that priming adds, which no item can meet. */
const CONTRADICTION = /attribute_exists\((\w+)\) AND attribute_not_exists\(\1\)/;

const PUBLISHED = `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>stub</MessageId>
</PublishResult><ResponseMetadata><RequestId>stub</RequestId></ResponseMetadata></PublishResponse>`;

const MISSING_ACTION = `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>MissingAction</Code>
<Message>stub</Message></Error><RequestId>stub</RequestId></ErrorResponse>`;

/**
 * A stub of DynamoDB, SNS and EventBridge that succeeds at once. It checks the conditions of the two puts (the first of an event id, the
 * greatest version of a shipment), so that a second delivery gets the same responses as on AWS.
 */
export class Services {
  /** Calls in order: `PutItem logistics-shipments`, `Publish`. */
  readonly calls: string[] = [];
  /** Number of calls that succeeded. */
  effects = 0;
  private readonly events = new Map<string, Item>();
  private readonly shipments = new Map<string, Item>();

  /** @param host `name:port` of the listener, which then accepts only calls that its clients signed */
  async answer(request: IncomingMessage, response: ServerResponse, host?: string): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const input = Buffer.concat(chunks);
    const denial = host && denialOf(request, input, host);
    if (denial) return deny(response, denial);
    const [status, body] = this.reply(request.headers['x-amz-target'], input.toString());
    if (status === 200) this.effects += 1;
    const type = body.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.0';
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
  }

  private reply(target: string | string[] | undefined, body: string): Answer {
    if (typeof target !== 'string') {
      const action = new URLSearchParams(body).get('Action');
      this.calls.push(action ?? 'no action');
      return action ? [200, PUBLISHED] : [400, MISSING_ACTION];
    }
    const operation = target.slice(target.indexOf('.') + 1);
    const input = JSON.parse(body) as Input;
    this.calls.push([operation, input.TableName].filter(Boolean).join(' '));
    if (CONTRADICTION.test(input.ConditionExpression ?? '')) return conditionFailed();
    if (operation === 'PutItem') return this.put(input);
    if (operation === 'PutEvents') return ok({ FailedEntryCount: 0, Entries: [{ EventId: 'stub' }] });
    return ok({ Attributes: { attempts: { N: '1' } } });
  }

  private put({ Item = {}, ExpressionAttributeValues: values }: Input): Answer {
    const version = values?.[':version']?.S;
    const [rows, key] =
      version === undefined
        ? [this.events, Item['event_id']?.S ?? Item['id']?.S]
        : [this.shipments, Item['shipment_id']?.S];
    const stored = rows.get(key ?? '');
    if (stored && !(version !== undefined && (stored['version']?.S ?? '') < version)) return conditionFailed(stored);
    rows.set(key ?? '', Item);
    return ok(stored ? { Attributes: stored } : {});
  }
}
