import {
  alertSummary,
  errorMessage,
  isCritical,
  type Message,
  shipmentMessage,
  snsSubject,
  stalledMessage,
} from '../../../src/domain/messages';
import { aCorrection, aShipmentEvent } from '../../support/builders/events';

describe('subjects', () => {
  it.each([
    ['Shipment S-1: delivered', 'Shipment S-1: delivered'],
    ['line\nbreak\r\nand\ttab', 'line?break?and?tab'],
    ['Größe', 'Gr?e'],
    ['x'.repeat(200), `${'x'.repeat(96)}...`],
  ])('%j becomes %j', (text, subject) => {
    expect(snsSubject(text)).toBe(subject);
  });
});

it('counts the suppressed alerts in their summary', () => {
  const { subject, body } = alertSummary('Critical Error', 190, 0, 'dev');
  expect([subject, JSON.parse(body).details]).toEqual(['CRITICAL: and 190 more', { suppressed: 190 }]);
});

describe('a shipment message', () => {
  it('has the event in its body, and attributes to filter by', () => {
    const event = aShipmentEvent({ status: 'delivered', metadata: { carrier: 'X' } });
    const { subject, body, attributes } = shipmentMessage(event, 'dev', { current: 'returned', superseded: true });

    expect(subject).toBe('Shipment SHP-1: delivered');
    expect(JSON.parse(body)).toEqual({
      shipment_id: 'SHP-1',
      status: 'delivered',
      event_id: 'e-1',
      occurred_at: '2026-03-02T08:00:00.000Z',
      environment: 'dev',
      superseded: true,
      metadata: { carrier: 'X' },
    });
    expect(attributes).toEqual({ status: 'delivered', shipment_id: 'SHP-1', superseded: 'true' });
  });

  it('of a correction has the reason, the corrector, the mistaken event and the current status', () => {
    const event = aCorrection({ corrected_by: 'desk 2', corrects: 'e>1' });
    const { subject, body, attributes } = shipmentMessage(event, 'dev', { current: 'failed', superseded: true });

    expect(subject).toBe('Shipment SHP-1 corrected: in_transit');
    expect(JSON.parse(body)).toEqual({
      shipment_id: 'SHP-1',
      status: 'in_transit',
      current_status: 'failed',
      reason: 'scanned by mistake',
      corrected_by: 'desk 2',
      corrects: 'e>1',
      event_id: 'c-1',
      occurred_at: '2026-03-02T08:00:00.000Z',
      environment: 'dev',
      superseded: true,
      metadata: {},
    });
    expect(body).toContain('"corrects": "e\\u003e1"');
    expect(attributes).toEqual({ status: 'in_transit', shipment_id: 'SHP-1', superseded: 'true', correction: 'true' });
  });

  it('quotes an id that a shell would act on in its subject, and escapes it in its JSON', () => {
    const shipment_id = 'SHP-9`id>x`';
    const now = { current: 'in_transit', superseded: false } as const;
    const { subject, body, attributes } = shipmentMessage(aShipmentEvent({ shipment_id }), 'dev', now);

    expect(subject).toMatch(/^Shipment 'SHP-9`id>x`': /);
    expect(body).toContain('"shipment_id": "SHP-9\\u0060id\\u003ex\\u0060"');
    expect(JSON.parse(body)).toMatchObject({ shipment_id });
    expect(attributes).toMatchObject({ shipment_id });
  });
});

/** Limits of SNS's API reference, "Publish" and "MessageAttributeValue", with the subject counted as well. */
function expectToFit({ subject, body, attributes }: Message): void {
  const parts = [...Object.entries(attributes), ...Object.keys(attributes).map(() => 'String'), body, subject].flat();
  expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
  expect(parts).not.toContain('');
  expect(parts.reduce((bytes, part) => bytes + Buffer.byteLength(part), 0)).toBeLessThanOrEqual(262_144);
}

describe('the largest messages', () => {
  const longest = '~'.repeat(128);

  it.each(['x', '"', '\u0001', '€'])('fit into SNS (%j)', (character) => {
    const note = character.repeat(300_000);
    const event = aShipmentEvent({ status: 'delivered', shipment_id: longest, event_id: longest, metadata: { note } });
    const shipment = shipmentMessage(event, 'dev', { current: 'delivered', superseded: false });
    const envelope = { time: 0, detailType: note, detail: { note } };
    const error = errorMessage(envelope, { error_message: note }, true, 'dev');

    for (const message of [shipment, error, alertSummary(note, Number.MAX_SAFE_INTEGER, 0, 'dev')])
      expectToFit(message);
    expect(JSON.parse(shipment.body).metadata).toMatch(/\[cut: \d+ bytes in all\]$/);
  });
});

it('names the status in the subject of a stalled shipment', () => {
  const stalled = { shipment_id: 'SHP-1', status: 'in_transit', since: '', days: 3, event_id: 'e-1' } as const;
  expect(stalledMessage(stalled, 'dev').subject).toBe('Shipment SHP-1 stalled: in_transit');
});

describe('an error message', () => {
  it.each([
    ['Critical Error', 'anything', true],
    ['Processing Error', 'critical', true],
    ['Processing Error', 'Critical', false],
  ])('%s of type %s: critical is %s', (detailType, errorType, critical) => {
    expect(isCritical(detailType, errorType)).toBe(critical);
  });

  it('escapes ids in its details that a shell would act on, also in details that were cut', () => {
    const detail = { error_id: 'logistics-status-updater-dev/$(id >x)', note: 'x'.repeat(300_000) };
    for (const details of [detail, { ...detail, note: 'it failed (again)' }]) {
      const envelope = { time: 0, detailType: 'Processing Error', detail: details };
      expect(errorMessage(envelope, { error_message: 'm' }, false, 'dev').body).not.toContain('$(');
    }
  });

  it('has the whole detail', () => {
    const envelope = { detailType: 'Processing Error', time: 0, detail: { error_message: 'm', hall: 3 } };
    const messageOf = (critical: boolean) => errorMessage(envelope, { error_message: 'm' }, critical, 'dev');

    expect(messageOf(false).subject).toBe('INFO: Processing Error');
    expect(messageOf(true).subject).toBe('CRITICAL: Processing Error');
    expect(JSON.parse(messageOf(false).body)).toEqual({
      timestamp: '1970-01-01T00:00:00.000Z',
      environment: 'dev',
      detail_type: 'Processing Error',
      error_message: 'm',
      details: { error_message: 'm', hall: 3 },
    });
  });
});
