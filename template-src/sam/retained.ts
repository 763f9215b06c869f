import { DeletionPolicy, type ResourceBase } from 'cloudform-types/types/resource';

/** A resource that outlives its stack and its own replacement (cloudform-types has no `UpdateReplacePolicy`). */
export function retained<R extends ResourceBase<object>>(resource: R): R & { UpdateReplacePolicy: 'Retain' } {
  return Object.assign(resource.deletionPolicy(DeletionPolicy.Retain), { UpdateReplacePolicy: 'Retain' as const });
}
