import { pictureOf } from '../../../template-src/picture/graph';
import { template } from '../../../template-src/template';
import { mermaid } from '../../../tools/generate/mermaid';

/** A copy of the template with the properties of one resource changed. */
function templateWith(id: string, change: Record<string, unknown>): typeof template {
  const copy = JSON.parse(JSON.stringify(template));
  Object.assign(copy.Resources[id].Properties, change);
  return copy;
}

const picture = pictureOf(template);

const targetsOf = (from: string) => picture.edges.filter((edge) => edge.from === from).map(({ to }) => to);

describe('the picture', () => {
  it('draws each bus, rule, function, table, topic and queue, with an arrow to all but buses, schedules and the public function', () => {
    const drawn = Object.entries(template.Resources ?? {})
      .filter(([, { Type }]) => /::(EventBus|Archive|Rule|Serverless::Function|Table|Topic|Queue)$/.test(Type))
      .map(([id]) => id);
    const reached = new Set(picture.edges.map(({ to }) => to));

    expect(picture.nodes.map(({ id }) => id)).toEqual(drawn);
    const isSource = (kind: string) => ['bus', 'schedule'].includes(kind);
    expect(picture.nodes.filter(({ id, kind }) => !isSource(kind) && !reached.has(id)).map(({ id }) => id)).toEqual([
      'CarrierWebhook',
    ]);
    expect(mermaid(picture)).toContain('platforms -- webhooks --> CarrierWebhook');
  });

  it('derives arrows from targets, roles and destinations', () => {
    expect(targetsOf('StatusUpdaterRule')).toEqual(['StatusUpdater', 'StatusUpdaterFailureQueue']);
    expect(targetsOf('NotificationHandler')).toEqual([
      'ErrorEventsTable',
      'AlertsTopic',
      'ProcessingTopic',
      'NotificationHandlerFailureQueue',
    ]);
  });

  it('throws for a target that it cannot draw', () => {
    const toKey = { Targets: [{ Id: 'x', Arn: { 'Fn::GetAtt': ['TopicKey', 'Arn'] } }] };

    expect(() => pictureOf(templateWith('UnroutedRule', toKey))).toThrow(
      'the picture cannot draw UnroutedRule -> TopicKey',
    );
  });
});
