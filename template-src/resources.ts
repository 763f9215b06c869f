import type Resource from 'cloudform-types/types/resource';
import { DeletionPolicy, ResourceBase } from 'cloudform-types/types/resource';

/** Resources by logical id. Logical ids never change: a changed one replaces the resource. */
export type Resources = Readonly<Record<string, Resource>>;

/** Keeps a resource when its stack deletes or replaces it (cloudform-types has no `UpdateReplacePolicy`). */
export function retained<R extends ResourceBase<object>>(resource: R): R & { UpdateReplacePolicy: 'Retain' } {
  return Object.assign(resource.deletionPolicy(DeletionPolicy.Retain), { UpdateReplacePolicy: 'Retain' as const });
}

/** A resource of a type that cloudform-types lacks; SAM's translator and cfn-lint check its properties. */
export class UntypedResource extends ResourceBase<object> {
  constructor(type: `AWS::${'Serverless' | 'Logs'}::${string}`, properties: object) {
    super(type, properties);
  }
}
