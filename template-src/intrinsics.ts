/** Intrinsic functions, as short to write as in YAML. cloudform-types' own `Fn.Sub` demands a map of variables. */
import { IntrinsicFunction, type Value } from 'cloudform-types/types/dataTypes';
import { GetAtt, If, Ref } from 'cloudform-types/types/functions';

export const ref = Ref;

/** The ARN of a resource of this template; a topic's ARN is its `Ref`. */
export const arnOf = (logicalId: string) => GetAtt(logicalId, 'Arn');

/** The alias that SAM publishes for a function; `Ref` of it is its ARN. */
export const aliasOf = (functionId: string) => Ref(`${functionId}.Alias`);

/** `!Sub`: `${LogicalId}`, `${LogicalId.Attribute}` and `${AWS::…}` in the text are replaced at deployment. */
export const sub = (text: string) => new IntrinsicFunction('Fn::Sub', text);

/** A resource's name in this environment. */
export const named = (name: string) => sub(`${name}-\${EnvironmentSuffix}`);

/** The value while the condition holds; otherwise CloudFormation leaves out the property or list member. */
export const onlyIf = <T>(condition: string, value: Value<T>) => If(condition, value, Ref('AWS::NoValue'));
