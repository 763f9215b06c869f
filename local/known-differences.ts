/** Claims of `npx logistics conformance` that do not hold on the embedded AWS, or are not tried there; docs/emulator.md has the reasons. */
export const EMBEDDED_AWS: Readonly<Record<string, 'differs' | 'not tried'>> = {
  'foreign-source': 'differs',
  'no-producer-grants': 'differs',
  'replay-filter': 'differs',
  'rule-dead-letter': 'differs',
  'bus-log': 'not tried',
  'retry-pauses': 'differs',
  'stream-partial-batch': 'differs',
  'sns-subject': 'differs',
  'public-address': 'not tried',
  'alarm-ends': 'not tried',
  'table-settings': 'differs',
  'restore-second': 'differs',
  'own-key': 'not tried',
  'gradual-deployment': 'not tried',
  'deploy-role': 'not tried',
  durations: 'not tried',
};
