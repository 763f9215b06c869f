/** What the caller's environment may say to the programs of this project, and what it must not. */

/** Where pip downloads from, and how. */
const PIP_SOURCES =
  'INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|NO_INDEX|TRUSTED_HOST|CERT|CLIENT_CERT|PROXY|DEFAULT_TIMEOUT|TIMEOUT|RETRIES|CACHE_DIR|KEYRING_PROVIDER';

/** Changes what Node, npm, Python, pip, the bundler or the linter do. Where npm and pip download from, and through which proxy, stays the caller's. */
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

/** npm's settings files may say the same as its variables do; it reads variables first. */
const NPM = {
  npm_config_include: 'dev\n\noptional\n\npeer',
  npm_config_package_lock: 'true',
  npm_config_package_lock_only: 'false',
  npm_config_bin_links: 'true',
  npm_config_os: process.platform,
  npm_config_cpu: process.arch,
  npm_config_global: 'false',
  npm_config_location: 'user',
  npm_config_dry_run: 'false',
  npm_config_ignore_scripts: 'true',
  npm_config_install_strategy: 'hoisted',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_loglevel: 'error',
};

/** pip takes an empty variable for none, so it reads no settings file at all. */
const PIP = {
  PIP_CONFIG_FILE: '/dev/null',
  PIP_QUIET: '1',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
};

/** Leads a tool to another AWS, or through a proxy. */
const LEADS_ELSEWHERE = /^(AWS|_*SAM|BOTO)_|^(https?|all|ftp|no)_proxy$|^npm_config_.*proxy$|^NODE_USE_ENV_PROXY$/i;

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';

const without = (env, names) => {
  for (const name of Object.keys(env)) if (names.test(name)) delete env[name];
};

/** Takes out of an environment what would change the tools. @param {NodeJS.ProcessEnv} env */
export function neutralize(env) {
  without(env, CHANGES_TOOLS);
}

/** The environment of set-up's npm. @param {NodeJS.ProcessEnv} env a neutralized one */
export const npmEnvironment = (env) => ({ ...env, ...NPM });

/**
 * The environment of set-up's pip, with what the caller's settings files say about where to download from.
 * @param {NodeJS.ProcessEnv} env a neutralized one
 * @param {string} settings what `pip config list` printed in it
 */
export function pipEnvironment(env, settings) {
  const sources = [...settings.matchAll(/^(?:global|install)\.([\w-]+)='(.*)'$/gm)]
    .map(([, key, value]) => [`PIP_${key.replaceAll('-', '_').toUpperCase()}`, value.replaceAll('\\n', ' ')])
    .filter(([name]) => new RegExp(`^PIP_(${PIP_SOURCES})$`).test(name));
  return { ...Object.fromEntries(sources), ...env, ...PIP };
}

/**
 * Changes an environment so that a program in it reaches nothing outside of this machine, and reads none of AWS's settings that would say
 * otherwise. For everything but set-up, whose npm and pip may need the caller's proxy.
 * @param {NodeJS.ProcessEnv} env
 */
export function isolate(env) {
  without(env, LEADS_ELSEWHERE);
  if (env.NODE_OPTIONS) env.NODE_OPTIONS = env.NODE_OPTIONS.replaceAll(/--use-env-proxy(=\S*)?/g, '');
  Object.assign(env, {
    // SAM asks PyPI once a week whether there is a newer SAM, and no setting of its own stops it.
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
