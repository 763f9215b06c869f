import type Resource from 'cloudform-types/types/resource';
import type { parameters } from '../../template-src/parameters';
import { template } from '../../template-src/template';

/** The template as CloudFormation sees it. */
export const rendered = JSON.parse(JSON.stringify(template));

export const resources: Readonly<Record<string, Resource>> = rendered.Resources;

export const ofType = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);

/** The template with these parameters fixed to `true`, by default and as the only allowed value, for linters. */
export const turnedOn = (...names: readonly (keyof typeof parameters)[]) => ({
  ...rendered,
  Parameters: {
    ...rendered.Parameters,
    ...Object.fromEntries(
      names.map((name) => [name, { ...rendered.Parameters[name], Default: 'true', AllowedValues: ['true'] }]),
    ),
  },
});
