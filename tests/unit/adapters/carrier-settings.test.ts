import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { carrierSettings } from '../../../src/adapters/carrier-settings';

const ssm = mockClient(SSMClient);

const SECRET = 'a-secret-of-some-length';
const NAME = '/logistics/carriers-dev';
const { signal } = new AbortController();

let now = 0;

beforeEach(() => {
  ssm.reset();
  now = Date.UTC(2026, 2, 2);
});

const parameterIs = (value: unknown) =>
  ssm
    .on(GetParameterCommand)
    .resolves({ Parameter: { Value: typeof value === 'string' ? value : JSON.stringify(value) } });

const forEasypost = (overrides: object = {}) => ({
  easypost: { secrets: [SECRET], time_zone: 'Europe/Berlin', ...overrides },
});

const ANOTHER = 'another-secret-of-some-length';

const ANY_PLATFORM = 'must be a JSON object with easypost, shippo, aftership, or some of them';
const BOTH = 'must have secrets and time_zone, and nothing else';

const open = () => carrierSettings(new SSMClient({}), NAME, () => now);

const reads = () => ssm.commandCalls(GetParameterCommand).length;

it('reads the settings from one encrypted parameter, which may lack a platform', async () => {
  parameterIs(forEasypost());

  expect(await open().of('easypost', 300_000, signal)).toEqual({ secrets: [SECRET], timeZone: 'Europe/Berlin' });
  expect(ssm.commandCalls(GetParameterCommand)[0]?.args[0].input).toEqual({ Name: NAME, WithDecryption: true });
  expect(await open().of('shippo', 300_000, signal)).toBeUndefined();
});

it('reads the settings again when they are older than requested', async () => {
  parameterIs(forEasypost());
  const settings = open();
  await settings.of('easypost', 300_000, signal);
  now += 60_000;

  await settings.of('easypost', 300_000, signal);
  await settings.of('easypost', 60_000, signal);
  expect(reads()).toBe(1);

  now += 1;
  parameterIs(forEasypost({ secrets: [ANOTHER] }));
  expect(await settings.of('easypost', 60_000, signal)).toMatchObject({ secrets: [ANOTHER] });
  expect(reads()).toBe(2);
});

it('keeps the last settings while AWS does not answer, and reads them again after ten seconds', async () => {
  parameterIs(forEasypost());
  const settings = open();
  await settings.of('easypost', 300_000, signal);
  now += 300_001;
  ssm.on(GetParameterCommand).rejects(new Error('throttled'));

  for (let call = 0; call < 3; call += 1)
    expect(await settings.of('easypost', 60_000, signal)).toMatchObject({ secrets: [SECRET] });
  expect(reads()).toBe(2);

  now += 10_001;
  parameterIs(forEasypost({ secrets: [ANOTHER] }));
  expect(await settings.of('easypost', 60_000, signal)).toMatchObject({ secrets: [ANOTHER] });
});

it('repeats a first read that failed after ten seconds, not with every call', async () => {
  ssm.on(GetParameterCommand).rejects(new Error('throttled'));
  const settings = open();
  for (let call = 0; call < 3; call += 1)
    await expect(settings.of('easypost', 300_000, signal)).rejects.toThrow('throttled');
  expect(reads()).toBe(1);

  now += 10_001;
  parameterIs(forEasypost());
  expect(await settings.of('easypost', 300_000, signal)).toMatchObject({ secrets: [SECRET] });
});

it.each([
  ['deleted', () => ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ message: 'no', $metadata: {} }))],
  ['invalid', () => parameterIs('{')],
])('drops the last settings when the parameter is %s', async (_, change) => {
  parameterIs(forEasypost());
  const settings = open();
  await settings.of('easypost', 300_000, signal);
  now += 60_001;
  change();

  await expect(settings.of('easypost', 60_000, signal)).rejects.toThrow(NAME);
});

describe('the error names what to fix and quotes no value', () => {
  it('when there is no parameter', async () => {
    ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ message: 'no', $metadata: {} }));

    await expect(open().of('easypost', 0, signal)).rejects.toThrow(
      'there is no parameter /logistics/carriers-dev: docs/carriers.md makes it',
    );
  });

  it.each([
    [SECRET, `the value ${ANY_PLATFORM}`],
    [7, `the value ${ANY_PLATFORM}`],
    [{ easypots: {} }, `easypots ${ANY_PLATFORM}`],
    [{ easypost: SECRET }, `easypost ${BOTH}`],
    [{ easypost: { secrets: [SECRET] } }, `easypost.time_zone ${BOTH}`],
    [forEasypost({ secrets: SECRET }), 'easypost.secrets must be a list of strings'],
    [forEasypost({ secrets: [] }), 'easypost.secrets must have a secret'],
    [forEasypost({ secrets: ['short'] }), 'easypost.secrets.0 must have 16 characters or more'],
    [forEasypost({ time_zone: 'Europe/Atlantis' }), 'easypost.time_zone must be an IANA time zone, like Europe/Berlin'],
  ])('when the parameter is %j', async (value, problem) => {
    parameterIs(value);

    const error = await open()
      .of('easypost', 0, signal)
      .catch((thrown: Error) => thrown);
    expect(error).toEqual(new Error(`the parameter /logistics/carriers-dev: ${problem}`));
    expect(String(error)).not.toContain(SECRET);
  });
});
