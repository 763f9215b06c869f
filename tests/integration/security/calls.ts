import type { Call } from '../../../local/faults/fault-proxy';

/** A request to AWS as IAM sees it. */
export interface IamCall {
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** The last part of the ARN of what it is done to: `table/logistics-shipments-dev/index/status-index`. */
  readonly resource: string;
  /** Of PutEvents, what its conditions look at. */
  readonly entry?: { readonly source: unknown; readonly detailType: unknown };
}

interface JsonRequest {
  readonly TableName?: string;
  readonly IndexName?: string;
  /** Of a parameter of Systems Manager. */
  readonly Name?: string;
  readonly Entries?: readonly { EventBusName: string; Source: string; DetailType: string }[];
}

/**
 * Questions to IAM about a request: one an entry for PutEvents, one for anything else.
 * @throws when the request names no resource that is known here
 */
export function iamCallsOf({ service, label }: Pick<Call, 'service' | 'label'>, body: Buffer): IamCall[] {
  const action = `${service}:${label.split(' ')[1]}`;
  if (service === 'sns') {
    const resource = new URLSearchParams(body.toString()).get('TopicArn');
    if (resource) return [{ action, resource: resource.replace(/^.*:/, '') }];
    // Priming opens a connection by a request without an action.
    if (body.length === 0) return [];
  } else {
    const { TableName, IndexName, Name, Entries = [] } = JSON.parse(body.toString()) as JsonRequest;
    if (TableName)
      return [{ action, resource: [`table/${TableName}`, ...(IndexName ? ['index', IndexName] : [])].join('/') }];
    if (service === 'ssm' && Name) return [{ action, resource: `parameter${Name}` }];
    if (Entries.length > 0)
      return Entries.map(({ EventBusName, Source, DetailType }) => ({
        action,
        resource: `event-bus/${EventBusName}`,
        entry: { source: Source, detailType: DetailType },
      }));
  }
  throw new Error(`no resource is known of ${label}: ${body}`);
}
