/** The rendered template as plain data, with the properties that the picture reads. */
import type Template from 'cloudform-types/types/template';

/** `!Ref x` or `!GetAtt x.y`. */
interface Reference {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly [id: string, attribute: string];
}

interface Statement {
  readonly Action?: string | readonly string[];
  readonly Resource?: Reference | readonly Reference[];
}

interface Destinations {
  readonly OnFailure: { readonly Destination: Reference };
}

export interface Properties {
  readonly SourceArn?: Reference;
  readonly EventBusName?: Reference;
  readonly ScheduleExpression?: string;
  readonly Targets?: readonly { readonly Arn: Reference; readonly DeadLetterConfig?: { readonly Arn: Reference } }[];
  readonly Role?: Reference;
  readonly EventInvokeConfig?: { readonly DestinationConfig: Destinations };
  /** Of an event source mapping. */
  readonly EventSourceArn?: Reference;
  readonly DestinationConfig?: Destinations;
  /** Of a function URL. */
  readonly TargetFunctionArn?: Reference;
  readonly Policies?: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
}

export interface PlainTemplate {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Properties }>>;
  readonly Outputs: Readonly<Record<string, { readonly Description: string; readonly Value: Reference }>>;
}

export const plainTemplate = (template: Template): PlainTemplate => JSON.parse(JSON.stringify(template));

/** The logical id in a reference, for an alias (`x.Alias`) the function's; undefined for another value. */
export const idOf = (reference: Reference | undefined): string | undefined =>
  reference?.Ref?.replace(/\.Alias$/, '') ?? reference?.['Fn::GetAtt']?.[0];

/** A resource's name without the environment: `logistics-events`. */
export function nameOf(properties: Properties): string {
  const isName = (property: string) => /^(Function|Table|Topic|Queue|Archive)?Name$/.test(property);
  const [, name] = Object.entries(properties).find(([property]) => isName(property)) ?? [];
  return name['Fn::Sub'].replace('-${EnvironmentSuffix}', '');
}
