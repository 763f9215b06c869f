import { EVENT_FUNCTION_KEYS, recordsShipments } from '../../../../contracts/functions';
import { CONTRACTS } from '../../../../contracts/generated/contracts';
import { Refusal } from '../../../../demo/page/refusal';
import { KINDS, sendEvent } from '../../../../demo/page/send-event';
import type { EventFile } from '../../../../local/stack';

const sent: EventFile[] = [];

const bus = {
  send: async (event: EventFile) => {
    sent.push(event);
    return 'envelope-1';
  },
};

beforeEach(() => sent.splice(0));

const detail = { shipment_id: 'SHP-1', status: 'in_transit', metadata: { carrier: 'NordFreight' } };

describe('the form', () => {
  it('offers only the events of functions that record shipments', () => {
    const recorded = EVENT_FUNCTION_KEYS.filter(recordsShipments).map((key) =>
      CONTRACTS[key].map(({ detailType }) => detailType),
    );

    expect(KINDS.map(({ detailType }) => detailType)).toEqual(recorded.flat());
    expect(KINDS).not.toContainEqual(expect.objectContaining({ detailType: 'Critical Error' }));
  });

  it('puts a valid event on the bus', async () => {
    const answer = await sendEvent({ kind: 'Shipment Status Updated', detail }, bus);

    expect(answer).toEqual({ id: 'envelope-1' });
    expect(sent).toEqual([
      { source: 'logistics.shipment', 'detail-type': 'Shipment Status Updated', time: expect.any(String), detail },
    ]);
  });

  it.each([
    [{ ...detail, status: 'teleported' }, /^detail\.status must be one of pending, /],
    [{ ...detail, shipment_id: 'two words' }, /^detail\.shipment_id must be /],
    [{ ...detail, metadata: [1] }, /^detail\.metadata must be a JSON object, not a list$/],
    [{ ...detail, event_id: 'mine' }, /^detail\.occurred_at is missing/],
    [undefined, /^detail must be a JSON object$/],
  ])('refuses the detail %j, naming the field', async (invalid, message) => {
    const refused = sendEvent({ kind: 'Shipment Status Updated', detail: invalid }, bus);

    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toBeInstanceOf(Refusal);
    expect(sent).toEqual([]);
  });

  it.each([[null], ['text'], [{}], [{ kind: 'Shipment Teleported', detail }]])(
    'refuses %j, which has no valid kind',
    async (request) => {
      await expect(sendEvent(request, bus)).rejects.toThrow(/^kind must be one of Shipment Created, /);
    },
  );

  it('parses the metadata that was typed, and refuses what JSON would change', async () => {
    const { metadata, ...rest } = detail;
    const typed = (text: string) =>
      sendEvent({ kind: 'Shipment Status Updated', detail: rest, metadata: text, anyway: true }, bus);

    await typed(JSON.stringify(metadata));
    await typed(' ');

    expect(sent.map((event) => event.detail)).toEqual([detail, rest]);
    await expect(typed('{')).rejects.toThrow('metadata must be JSON, like {"carrier": "NordFreight"}');
    await expect(typed('{"sscc":340123450000000016}')).rejects.toThrow('metadata.sscc is 340123450000000016, which is');
  });

  it('sends an invalid event with `anyway`', async () => {
    const invalid = { ...detail, status: 'teleported' };

    await sendEvent({ kind: 'Shipment Status Updated', detail: invalid, anyway: true }, bus);

    expect(sent[0]?.detail).toEqual(invalid);
  });
});
