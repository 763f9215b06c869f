/** A template resolved as CloudFormation does for one environment, with the ARNs of its resources. */
import type Resource from 'cloudform-types/types/resource';
import { REGION } from '../../../local/environment';
import { ACCOUNT } from './iam';

export interface UnresolvedTemplate {
  readonly Parameters: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

const PSEUDO: Readonly<Record<string, unknown>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::NoValue': undefined,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
};

type Properties = Readonly<Record<string, string>>;

export const regional = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

/** The ARN of each type, from the resolved properties or, where CloudFormation names the resource, the generated name. */
const ARNS: Readonly<Record<string, (properties: Properties, generated: string) => string>> = {
  'AWS::CloudWatch::Alarm': ({ AlarmName }) => regional('cloudwatch', `alarm:${AlarmName}`),
  'AWS::CloudWatch::Dashboard': ({ DashboardName }) => `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${DashboardName}`,
  'AWS::CodeDeploy::Application': (_, generated) => regional('codedeploy', `application:${generated}`),
  'AWS::CodeDeploy::DeploymentGroup': ({ ApplicationName }, generated) =>
    regional('codedeploy', `deploymentgroup:${ApplicationName}/${generated}`),
  'AWS::DynamoDB::Table': ({ TableName }) => regional('dynamodb', `table/${TableName}`),
  'AWS::Events::Archive': ({ ArchiveName }) => regional('events', `archive/${ArchiveName}`),
  'AWS::Events::EventBus': ({ Name }) => regional('events', `event-bus/${Name}`),
  'AWS::Events::Rule': ({ EventBusName, Name }) =>
    regional('events', ['rule', EventBusName, Name].filter(Boolean).join('/')),
  'AWS::IAM::ManagedPolicy': ({ ManagedPolicyName }) => `arn:aws:iam::${ACCOUNT}:policy/${ManagedPolicyName}`,
  'AWS::IAM::OIDCProvider': () => `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
  'AWS::IAM::Role': ({ Path = '/' }, generated) => `arn:aws:iam::${ACCOUNT}:role${Path}${generated.slice(-64)}`,
  'AWS::KMS::Alias': ({ AliasName }) => regional('kms', String(AliasName)),
  'AWS::KMS::Key': (_, generated) => regional('kms', `key/${generated}`),
  'AWS::Lambda::Alias': ({ FunctionName, Name }) => regional('lambda', `function:${FunctionName}:${Name}`),
  'AWS::Lambda::EventSourceMapping': (_, generated) => regional('lambda', `event-source-mapping:${generated}`),
  'AWS::Lambda::Function': ({ FunctionName }) => regional('lambda', `function:${FunctionName}`),
  'AWS::Lambda::Version': ({ FunctionName }) => regional('lambda', `function:${FunctionName}:1`),
  'AWS::Logs::LogGroup': ({ LogGroupName }) => regional('logs', `log-group:${LogGroupName}:*`),
  'AWS::S3::Bucket': (_, generated) => `arn:aws:s3:::${generated.toLowerCase()}`,
  'AWS::SNS::Topic': ({ TopicName }) => regional('sns', String(TopicName)),
  'AWS::SQS::Queue': ({ QueueName }) => regional('sqs', String(QueueName)),
};

/** Types whose `Ref` is their ARN; for any other type it is the ARN's last part. */
const REF_IS_ARN = new Set([
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::OIDCProvider',
  'AWS::Lambda::Alias',
  'AWS::Lambda::Version',
  'AWS::SNS::Topic',
]);

export class Stack {
  constructor(
    readonly name: string,
    private readonly template: UnresolvedTemplate,
    private readonly parameters: Readonly<Record<string, unknown>>,
  ) {}

  /** Resources whose conditions hold, by logical id. */
  get resources(): readonly (readonly [id: string, resource: Resource])[] {
    return Object.entries(this.template.Resources).filter(
      ([, { Condition }]) => Condition === undefined || this.holds(String(Condition)),
    );
  }

  /** The properties of a resource, resolved. */
  properties(id: string): Record<string, unknown> {
    return this.resolve(this.resource(id).Properties ?? {}) as Record<string, unknown>;
  }

  arn(id: string): string {
    const { Type } = this.resource(id);
    const arn = ARNS[Type];
    if (!arn) throw new Error(`add the ARN of ${Type} (${id}) to tests/integration/security/resolved.ts`);
    return arn(this.properties(id) as Properties, `${this.name}-${id}-0A1B2C3D4E5F`);
  }

  private resource(id: string): Resource {
    const found = this.template.Resources[id];
    if (!found) throw new Error(`the template has no ${id}`);
    return found;
  }

  private holds(condition: string): boolean {
    return this.resolve(this.template.Conditions[condition]) === true;
  }

  private named(name: string): unknown {
    if (name in PSEUDO) return PSEUDO[name];
    if (name in this.parameters) return this.parameters[name];
    if (name in this.template.Parameters) return this.template.Parameters[name]?.Default;
    const [id = '', attribute] = name.split('.');
    if (attribute && !['Arn', 'StreamArn'].includes(attribute)) return `${id}.${attribute}`;
    const arn = this.arn(id);
    if (attribute === 'StreamArn') return `${arn}/stream/2026-03-01T00:00:00.000`;
    if (attribute) return arn;
    return REF_IS_ARN.has(this.resource(id).Type) ? arn : arn.split(/[:/]/).at(-1);
  }

  private resolve(value: unknown): unknown {
    if (Array.isArray(value))
      return value.map((member) => this.resolve(member)).filter((member) => member !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const [[key, operand] = ['', undefined], ...others] = Object.entries(value);
    if (others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) return this.intrinsic(key, operand);
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.resolve(member)]));
  }

  private intrinsic(name: string, operand: unknown): unknown {
    if (name === 'Ref') return this.named(String(operand));
    if (name === 'Fn::GetAtt') return this.named((Array.isArray(operand) ? operand : [operand]).join('.'));
    if (name === 'Fn::Sub') {
      const [text, given = {}] = [operand].flat() as [string, Record<string, unknown>?];
      return text.replaceAll(/\$\{([^}]+)\}/g, (_, variable) => String(given[variable] ?? this.named(variable)));
    }
    const operands = operand as readonly unknown[];
    if (name === 'Fn::And') return operands.every((operand) => this.resolve(operand) === true);
    if (name === 'Fn::If') return this.resolve(operands[this.holds(String(operands[0])) ? 1 : 2]);
    const [first, second] = this.resolve(operands) as unknown[];
    if (name === 'Fn::Equals') return String(first) === String(second);
    if (name === 'Fn::Not') return !first;
    if (name === 'Fn::Join') return [second].flat().join(String(first));
    throw new Error(`${name} is not resolved here: add it to tests/integration/security/resolved.ts`);
  }
}
