/** Logical ids and names that several files of the template speak of. */
import type { FunctionKey } from '../contracts/functions';

/** The bus's. */
export const BUS_ID = 'EventBus';

/** `status-updater` as a logical id begins: `StatusUpdater`. */
const pascalCase = (kebab: string) => kebab.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase());

/** The logical ids of a function and its companions. */
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
