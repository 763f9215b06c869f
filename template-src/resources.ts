import type Resource from 'cloudform-types/types/resource';
import { DeletionPolicy, type ResourceBase } from 'cloudform-types/types/resource';

/** Resources by logical id. Logical ids never change: a changed one replaces the resource. */
export type Resources = Readonly<Record<string, Resource>>;

/** A resource that outlives its stack and its own replacement (cloudform-types has no `UpdateReplacePolicy`). */
export function retained<R extends ResourceBase<object>>(resource: R): R & { UpdateReplacePolicy: 'Retain' } {
  return Object.assign(resource.deletionPolicy(DeletionPolicy.Retain), { UpdateReplacePolicy: 'Retain' as const });
}
