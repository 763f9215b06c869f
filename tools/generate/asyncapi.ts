/** The AsyncAPI 3 document: bus and topics as channels, every message, and what each function receives and sends. */
import { functionName } from '../../contracts/functions';
import { APPLICATION, NAMES } from '../../contracts/names';
import type { Channel } from '../../contracts/sent';
import packageJson from '../../package.json';
import { publishedForm } from './json-schema';
import { PUBLISHED, type Published, TAKEN_BY, versionedName } from './published';

const ref = ($ref: string) => ({ $ref });

const CHANNELS: Record<Channel, { server: string; summary: string }> = {
  bus: { server: 'eventbridge', summary: 'The EventBridge bus: producers put events here, and we announce failures.' },
  alertsTopic: { server: 'sns', summary: 'The SNS topic that pages the on-call engineer.' },
  processingTopic: { server: 'sns', summary: 'The SNS topic for notifications without urgency.' },
};

const channelKeys = Object.keys(CHANNELS) as Channel[];

const on = (channel: Channel, direction: Published['direction']) =>
  PUBLISHED.filter((message) => message.direction === direction && message.channels.includes(channel));

const server = (service: string, protocol: string) => ({
  host: `${service}.{region}.amazonaws.com`,
  protocol,
  variables: { region: { description: 'The AWS region of the deployment.', default: 'us-east-1' } },
});

const message = (published: Published) => ({
  name: versionedName(published),
  title: `${published.title}, version ${published.version}`,
  summary: published.summary,
  description: published.notes.join(' '),
  ...(published.headers && { headers: published.headers }),
  payload: publishedForm(published.payload),
  ...(published.examples.length > 0 && { examples: published.examples }),
});

const channel = (key: Channel) => ({
  address: `${NAMES[key]}-{env}`,
  title: NAMES[key],
  summary: CHANNELS[key].summary,
  servers: [ref(`#/servers/${CHANNELS[key].server}`)],
  parameters: { env: { description: 'The environment, the parameter EnvironmentSuffix of the deployment.' } },
  messages: Object.fromEntries(
    PUBLISHED.filter(({ channels }) => channels.includes(key)).map((published) => [
      published.name,
      ref(`#/components/messages/${versionedName(published)}`),
    ]),
  ),
});

const operation = (action: 'send' | 'receive', channel: Channel, title: string, names: readonly string[]) => ({
  action,
  channel: ref(`#/channels/${channel}`),
  title,
  messages: names.map((name) => ref(`#/channels/${channel}/messages/${name}`)),
});

export const ASYNCAPI = {
  asyncapi: '3.0.0',
  id: `urn:${APPLICATION}`,
  info: {
    title: 'Logistics event processor',
    version: packageJson.version,
    description: packageJson.description,
  },
  defaultContentType: 'application/json',
  servers: { eventbridge: server('events', 'https'), sns: server('sns', 'sns') },
  channels: Object.fromEntries(channelKeys.map((key) => [key, channel(key)])),
  operations: Object.fromEntries([
    ...TAKEN_BY.map(([key, names]) => [
      `receive-${key}`,
      operation('receive', 'bus', `What ${functionName(key)} takes`, names),
    ]),
    ...channelKeys.map((key) => [
      `send-${NAMES[key]}`,
      operation(
        'send',
        key,
        `What is sent to ${NAMES[key]}`,
        on(key, 'sent').map(({ name }) => name),
      ),
    ]),
  ]),
  components: {
    messages: Object.fromEntries(PUBLISHED.map((published) => [versionedName(published), message(published)])),
  },
};
