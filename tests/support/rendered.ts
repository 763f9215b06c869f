import type Resource from 'cloudform-types/types/resource';
import type { parameters } from '../../template-src/parameters';
import { template } from '../../template-src/template';

/** The template as CloudFormation sees it. */
export const rendered = JSON.parse(JSON.stringify(template));

export const resources: Readonly<Record<string, Resource>> = rendered.Resources;

export const ofType = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);

/** The template with a parameter turned on, which is read with that value only: linters look at defaults. */
export const turnedOn = (parameter: keyof typeof parameters) => ({
  ...rendered,
  Parameters: {
    ...rendered.Parameters,
    [parameter]: { ...rendered.Parameters[parameter], Default: 'true', AllowedValues: ['true'] },
  },
});
