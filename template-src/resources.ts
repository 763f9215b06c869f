import type Resource from 'cloudform-types/types/resource';

/** Resources by logical id. Logical ids never change: a changed one replaces the resource. */
export type Resources = Readonly<Record<string, Resource>>;
