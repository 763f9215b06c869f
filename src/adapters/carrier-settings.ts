import { GetParameterCommand, ParameterNotFound, type SSMClient } from '@aws-sdk/client-ssm';
import * as v from 'valibot';
import { CARRIER_NAMES, type CarrierName } from '../../contracts/carriers';
import type { PlatformSettings } from '../application/take-webhook';

/** A shorter secret can be found by brute force. */
const MIN_SECRET_CHARACTERS = 16;

const secret = v.pipe(
  v.string('must be a string'),
  v.minLength(MIN_SECRET_CHARACTERS, `must have ${MIN_SECRET_CHARACTERS} characters or more`),
);

const platform = v.strictObject(
  {
    secrets: v.pipe(v.array(secret, 'must be a list of strings'), v.minLength(1, 'must have a secret')),
    time_zone: v.pipe(
      v.string('must be a string'),
      v.check(isTimeZone, 'must be an IANA time zone, like Europe/Berlin'),
    ),
  },
  'must have secrets and time_zone, and nothing else',
);

const settings = v.strictObject(
  Object.fromEntries(CARRIER_NAMES.map((name) => [name, v.optional(platform)])) as Record<
    CarrierName,
    v.OptionalSchema<typeof platform, undefined>
  >,
  `must be a JSON object with ${CARRIER_NAMES.join(', ')}, or some of them`,
);

type Settings = v.InferOutput<typeof settings>;

/** Milliseconds before a failed read is repeated: otherwise each call of a stranger would use the account's quota of Systems Manager. */
const FAILURE_AGE = 10_000;

/** The parameter is missing or invalid. */
class Unusable extends Error {}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/**
 * Secrets and time zones of the carrier platforms, in one encrypted parameter of Systems Manager.
 * @param now epoch milliseconds
 */
export function carrierSettings(ssm: SSMClient, name: string, now: () => number) {
  let kept: { readonly at: number; readonly settings?: Settings | undefined; readonly error?: unknown } | undefined;

  return {
    /**
     * The platform's settings, read at most `maxAge` milliseconds ago. While AWS does not answer, those of the last read; a deletion or an
     * invalid value takes effect at once.
     * @returns undefined when the parameter has none for the platform
     * @throws Error naming the parameter and its field, when there are no usable settings
     */
    async of(carrier: CarrierName, maxAge: number, abortSignal: AbortSignal): Promise<PlatformSettings | undefined> {
      if (!kept || now() - kept.at > (kept.error ? FAILURE_AGE : maxAge)) {
        const earlier = kept?.settings;
        kept = {
          at: now(),
          ...(await read(ssm, name, abortSignal).then(
            (found) => ({ settings: found }),
            (error: unknown) => ({ error, settings: error instanceof Unusable ? undefined : earlier }),
          )),
        };
      }
      if (!kept.settings) throw kept.error;
      const found = kept.settings[carrier];
      return found && { secrets: found.secrets, timeZone: found.time_zone };
    },
  };
}

async function read(ssm: SSMClient, name: string, abortSignal: AbortSignal): Promise<Settings> {
  const value = await ssm
    .send(new GetParameterCommand({ Name: name, WithDecryption: true }), { abortSignal })
    .then(({ Parameter }) => Parameter?.Value ?? '')
    .catch((error: unknown) => {
      if (error instanceof ParameterNotFound)
        throw new Unusable(`there is no parameter ${name}: docs/carriers.md makes it`);
      throw error;
    });
  const parsed = v.safeParse(settings, json(value));
  if (parsed.success) return parsed.output;
  // The issue's other parts hold the invalid value, which may be a secret.
  const [issue] = parsed.issues;
  throw new Unusable(`the parameter ${name}: ${v.getDotPath(issue) ?? 'the value'} ${issue.message}`);
}

/** Returns undefined when the text is not JSON: the parser's message would quote a secret. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
