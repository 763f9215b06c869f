import { pictureOf } from '../../../template-src/picture/graph';
import { template } from '../../../template-src/template';
import { mermaid } from '../../../tools/generate/mermaid';

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
    const changed = JSON.parse(JSON.stringify(template));
    changed.Resources.UnroutedRule.Properties.Targets[0].Arn = { 'Fn::GetAtt': ['TopicKey', 'Arn'] };

    expect(() => pictureOf(changed)).toThrow('the picture cannot draw UnroutedRule -> TopicKey');
  });
});
