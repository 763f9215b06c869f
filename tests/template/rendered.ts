import type Resource from 'cloudform-types/types/resource';
import { template } from '../../template-src/template';

/** The template as CloudFormation sees it. */
export const rendered = JSON.parse(JSON.stringify(template));

export const resources: Readonly<Record<string, Resource>> = rendered.Resources;

export const ofType = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);
