/**
 * The operator's command in alarms, hints and documents, for a shell in a checkout. Elsewhere `npx logistics` would fetch and run whatever
 * package has that name in the registry, with the operator's credentials; with `--no-install` it runs nothing. (Given the newer spelling,
 * `npx --no logistics --help`, npm 11 prints its own help: it reads the word after `--no` as a value.)
 */
export const OPERATOR_COMMAND = 'npx --no-install logistics';
