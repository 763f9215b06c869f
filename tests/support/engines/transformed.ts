/** The template after CloudFormation's Serverless transform, by SAM's own translator. */
import type Resource from 'cloudform-types/types/resource';
import { FUNCTION_KEYS } from '../../../contracts/functions';
import { functionIds } from '../../../template-src/logical-ids';
import { rendered, resources, turnedOn } from '../rendered';
import { samTransform } from './sam-tools';

export const functionResources = FUNCTION_KEYS.map((key) => functionIds(key).function);

/** The template as `sam package` writes it: the translator requires the S3 address of the code. */
export const packaged = {
  ...rendered,
  Resources: Object.fromEntries(
    Object.entries(resources).map(([id, resource]) => [
      id,
      functionResources.includes(id)
        ? { ...resource, Properties: { ...resource.Properties, CodeUri: 's3://packaged/functions.zip' } }
        : resource,
    ]),
  ),
};

export interface Transformed {
  readonly Resources: Readonly<Record<string, Resource & { readonly UpdatePolicy?: unknown }>>;
}

export const transformed: Transformed = samTransform(packaged);
export const gradual: Transformed = samTransform({
  ...packaged,
  Parameters: turnedOn('GradualDeployment').Parameters,
});
