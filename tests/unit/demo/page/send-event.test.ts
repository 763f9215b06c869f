import { EVENT_FUNCTION_KEYS, recordsShipments } from '../../../../contracts/functions';
import { CONTRACTS } from '../../../../contracts/generated/contracts';
import { Refusal } from '../../../../demo/page/guard';
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
  });

  it('puts a valid event on the bus', async () => {
    const answer = await sendEvent({ kind: 'Shipment Status Updated', detail }, bus);

    expect(answer).toEqual({ id: 'envelope-1' });
    expect(sent).toEqual([
      { source: 'logistics.shipment', 'detail-type': 'Shipment Status Updated', time: expect.any(String), detail },
    ]);
  });

  it('refuses an invalid event, naming the field, unless it is sent anyway', async () => {
    const request = { kind: 'Shipment Status Updated', detail: { ...detail, status: 'teleported' } };
    const refused = sendEvent(request, bus);

    await expect(refused).rejects.toThrow(/^detail\.status must be one of pending, /);
    await expect(refused).rejects.toBeInstanceOf(Refusal);
    expect(sent).toEqual([]);
    await sendEvent({ ...request, anyway: true }, bus);
    expect(sent[0]?.detail).toEqual(request.detail);
  });

  it.each([[null], [{ kind: 'Shipment Teleported', detail }]])(
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
});
