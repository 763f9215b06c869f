/** Logical ids that several files of the template use. */
import type { FunctionKey } from '../contracts/functions';

export const BUS_ID = 'EventBus';

/** `status-updater` becomes `StatusUpdater`. */
const pascalCase = (kebab: string) => kebab.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase());

/** Logical ids of a function and of the resources that belong to it. */
export function functionIds(key: FunctionKey) {
  const id = pascalCase(key);
  return {
    function: id,
    role: `${id}Role`,
    logGroup: `${id}LogGroup`,
    rule: `${id}Rule`,
    permission: `${id}RulePermission`,
    mapping: `${id}StreamMapping`,
    queue: `${id}FailureQueue`,
    url: `${id}Url`,
    urlPermission: `${id}UrlPermission`,
    urlInvocation: `${id}UrlInvocation`,
  };
}
