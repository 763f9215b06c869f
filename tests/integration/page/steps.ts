import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { until } from '../../../lib/until.mjs';

/** A user's steps on the page, with what the page must show. Each continues where the previous one ended. */
export const STEPS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'the map counts the rows of tables and the messages in queues': async (page) => {
    await counted(page, 'ShipmentEventsTable', (count) => count > 10);
    await counted(page, 'StatusUpdaterFailureQueue', (count) => count > 0);
  },
  'the track lists events by time, not by arrival': async (page) => {
    await page.getByRole('button', { name: 'SHP-1001' }).click();
    await page.getByRole('heading', { name: 'SHP-1001 is delivered' }).waitFor();
    const events = await page.locator('.timeline li').allInnerTexts();
    const statuses = events.map((text) => text.split('\n')[1]);
    assert.deepEqual(statuses, ['pending', 'in transit', 'in transit', 'out for delivery', 'delivered']);
    assert.match(events[2] ?? '', /arrived late/);
    assert.match(events[4] ?? '', /current\s+notified/);
  },
  'the map and the track show a carrier webhook': async (page) => {
    await counted(page, 'CarrierWebhook', (count) => count > 0);
    await page.getByRole('button', { name: 'EZ4000000021' }).click();
    await page.getByRole('heading', { name: 'EZ4000000021 is delivered' }).waitFor();
  },
  'the track shows the estimated delivery of an open shipment': async (page) => {
    await page.getByRole('button', { name: 'SHP-1007' }).click();
    await page.getByText('Delivery is estimated for 2026-03-07 08:00:00.').waitFor();
  },
  'a sent event appears in the track, on the map and among the notifications': async (page) => {
    const before = await count(page, 'ShipmentEventsTable');
    await fill(page, { shipment_id: 'SHP-PAGE', status: 'failed', metadata: '{"reason": "recipient absent"}' });
    await page.getByRole('button', { name: 'Put it on the bus' }).click();
    await page.getByText('On the bus as ').waitFor();
    await page.getByRole('heading', { name: 'SHP-PAGE is failed' }).waitFor();
    await page.locator('#notified tr', { hasText: 'SHP-PAGE' }).waitFor();
    await counted(page, 'ShipmentEventsTable', (after) => after === before + 1);
  },
  'an invalid event is refused, and its field is marked': async (page) => {
    const before = await count(page, 'EventBus');
    await fill(page, { shipment_id: 'SHP-PAGE', status: 'teleported', metadata: '' });
    await page.getByRole('button', { name: 'Put it on the bus' }).click();
    await page.getByText('Refused: detail.status must be one of').waitFor();
    assert.equal(await field(page, 'status').getAttribute('aria-invalid'), 'true');
    await sleep(1_500);
    assert.equal(await count(page, 'EventBus'), before);
  },
  'an invalid event that is sent anyway appears among the errors': async (page) => {
    await page.getByRole('button', { name: 'Send it anyway' }).click();
    await page
      .locator('#errors tr', { hasText: 'SHP-PAGE' })
      .filter({ hasText: 'detail.status must be one of' })
      .waitFor();
  },
  'markup in an event is shown as text': async (page) => {
    const hostile = '<img/src=x/onerror=document.title=1>';
    await fill(page, { shipment_id: hostile, status: 'in_transit' });
    await page.getByRole('button', { name: 'Put it on the bus' }).click();
    await page.getByRole('heading', { name: `'${hostile}' is in transit` }).waitFor();
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.title(), 'Logistics event processor');
  },
  'shuffle, started by keyboard, shows the same rows and a wrong last write': async (page) => {
    await page.getByRole('button', { name: 'Shuffle' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('✓ the same rows').waitFor({ timeout: 60_000 });
    await page.getByText('✗ wrong').waitFor();
    const attempts = await page.locator('.chips').nth(1).locator('li').allInnerTexts();
    for (const mark of ['new row', 'duplicate', 'killed', 'retried'])
      assert.ok(
        attempts.some((text) => text.includes(mark)),
        `no attempt is marked ${mark}`,
      );
    await page.getByText('Compare the rows').click();
    const rows = await page.locator('details tbody tr').count();
    assert.equal(rows, (await page.locator('.chips').first().locator('li').count()) + 1);
  },
  'shuffle with a correction shows the same rows, and a track with the void events and the reason': async (page) => {
    await page.getByLabel('delivered by mistake, and corrected').check();
    await page.getByRole('button', { name: 'Shuffle again' }).click();
    await page.locator('.chip', { hasText: 'corrected' }).first().waitFor({ timeout: 60_000 });
    await page.getByText('✓ the same rows').waitFor();
    await page.getByText('Corrected: The scan belongs to another parcel').waitFor();
    assert.equal(await page.locator('.timeline li.void').count(), 3);
  },
  'text is readable in the light and the dark colour scheme': async (page) => {
    const lightness = () =>
      page.evaluate<number[]>(`['color', 'backgroundColor'].map((name) =>
          Number(/\\d+/.exec(getComputedStyle(document.body)[name])?.[0]))`);
    await page.emulateMedia({ colorScheme: 'dark' });
    const [darkText = 0, darkGround = 0] = await lightness();
    await page.emulateMedia({ colorScheme: 'light' });
    const [text = 0, ground = 0] = await lightness();
    assert.ok(darkText - darkGround > 150 && ground - text > 150, `${darkText} on ${darkGround}, ${text} on ${ground}`);
  },
  'a hidden page sends no requests': async (page) => {
    let requests = 0;
    page.on('request', () => (requests += 1));
    await hide(page, true);
    await sleep(1_500);
    const whileHiding = requests;
    await sleep(2_500);
    assert.equal(requests, whileHiding);
    await hide(page, false);
    await sleep(2_500);
    assert.ok(requests > whileHiding);
  },
};

async function count(page: Page, id: string): Promise<number> {
  return Number(await page.locator(`[data-id="${id}"] .count`).textContent());
}

/** Waits until the count in a box of the map meets the condition. */
async function counted(page: Page, id: string, condition: (count: number) => boolean): Promise<void> {
  const otherwise = async () => {
    throw new Error(`${id} stays at ${await count(page, id)}`);
  };
  await until(async () => condition(await count(page, id)), 15_000, { otherwise });
}

const field = (page: Page, name: string) => page.locator(`#send [name="${name}"]`);

async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) await field(page, name).fill(value);
}

async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: ${hidden} });
    document.dispatchEvent(new Event('visibilitychange'));`);
}
