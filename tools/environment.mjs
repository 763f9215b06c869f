/** Which of the caller's environment variables reach the programs of this project. */

/** pip's settings of where and how it downloads. */
const PIP_SOURCES =
  'INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|NO_INDEX|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|DEFAULT_TIMEOUT|TIMEOUT|RETRIES|CACHE_DIR|KEYRING_PROVIDER';

/** Variables that change what Node, npm, Python, pip, the bundler or the linter do, except for where npm and pip download from. */
const CHANGES_TOOLS = new RegExp(
  [
    '^NODE_ENV$',
    '^npm_(?!config_(.*registry|.*_?proxy|noproxy|ca|cafile|cert|key|strict_ssl|cache|userconfig|globalconfig|fetch_.*|\\/\\/.*)$)',
    `^PIP_(?!(${PIP_SOURCES}|CONFIG_FILE)$)`,
    '^PYTHON',
    '^(ESBUILD|BIOME|SWC)_',
  ].join('|'),
  'i',
);

/** npm's variables that override the caller's settings files. */
const NPM = {
  npm_config_include: 'dev\n\noptional\n\npeer',
  npm_config_package_lock: 'true',
  npm_config_bin_links: 'true',
  npm_config_os: process.platform,
  npm_config_cpu: process.arch,
  npm_config_ignore_scripts: 'true',
  npm_config_install_strategy: 'hoisted',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_loglevel: 'error',
};

/** pip's variables. It would ignore empty ones, so they cannot override a settings file: it reads none. */
const PIP = {
  PIP_CONFIG_FILE: '/dev/null',
  PIP_QUIET: '1',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
};

/** Variables that point a tool at another AWS or at a proxy. */
const POINTS_ELSEWHERE = /^(AWS|_*SAM|BOTO)_|^(https?|all|ftp|no)_proxy$|^npm_config_.*proxy$|^NODE_USE_ENV_PROXY$/i;

/** An address without a listener. */
const NOWHERE = 'http://127.0.0.1:9';

const removeFrom = (env, names) => {
  for (const name of Object.keys(env)) if (names.test(name)) delete env[name];
};

/** Removes variables that would change the tools. @param {NodeJS.ProcessEnv} env */
export function neutralize(env) {
  removeFrom(env, CHANGES_TOOLS);
}

/** The environment of set-up's npm. @param {NodeJS.ProcessEnv} env a neutralized one */
export const npmEnvironment = (env) => ({ ...env, ...NPM });

/**
 * The environment of set-up's pip, with the download settings of the caller's files.
 * @param {NodeJS.ProcessEnv} env a neutralized one
 * @param {string} settings output of `pip config list` in it
 */
export function pipEnvironment(env, settings) {
  const sources = [...settings.matchAll(/^(?:global|install)\.([\w-]+)='(.*)'$/gm)]
    .map(([, key, value]) => [`PIP_${key.replaceAll('-', '_').toUpperCase()}`, value.replaceAll('\\n', ' ')])
    .filter(([name]) => new RegExp(`^PIP_(${PIP_SOURCES})$`).test(name));
  return { ...Object.fromEntries(sources), ...env, ...PIP };
}

/**
 * Changes an environment so that its programs reach only this machine: without the caller's AWS settings, and with a proxy that does not
 * exist. Set-up does without this, since its npm and pip may need the caller's proxy.
 * @param {NodeJS.ProcessEnv} env
 */
export function isolate(env) {
  removeFrom(env, POINTS_ELSEWHERE);
  if (env.NODE_OPTIONS) env.NODE_OPTIONS = env.NODE_OPTIONS.replaceAll(/--use-env-proxy(=\S*)?/g, '');
  Object.assign(env, {
    // SAM asks PyPI once a week for a newer version, and has no setting against that.
    http_proxy: NOWHERE,
    https_proxy: NOWHERE,
    all_proxy: NOWHERE,
    no_proxy: '127.0.0.1,localhost',
    SAM_CLI_TELEMETRY: '0',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}
