import { call } from './api.js';
import { byId } from './dom.js';
import { showLists } from './lists.js';
import { drawMap, showCounts } from './map.js';
import { startForm } from './send.js';
import { startShuffle } from './shuffle.js';
import { showTrack, startTracking, trackedShipment } from './track.js';

const POLL_MS = 1_000;

let timer;
let isPolling = false;

/** Polls the stack's state while the page is visible. */
async function poll() {
  clearTimeout(timer);
  if (isPolling || document.hidden) return;
  isPolling = true;
  const shipment = trackedShipment();
  try {
    const state = await call(`/api/state?${new URLSearchParams({ shipment })}`);
    showCounts(state.counts);
    showTrack(state);
    showLists(state);
    live('live', 'good');
  } catch (error) {
    live(error.message, 'bad');
  }
  isPolling = false;
  timer = setTimeout(poll, trackedShipment() === shipment ? POLL_MS : 0);
}

function live(text, classes) {
  const element = byId('live');
  if (element.textContent === text) return;
  element.textContent = text;
  element.className = classes;
}

async function start() {
  try {
    const about = await call('/api/about');
    drawMap(about.map);
    startForm(about);
    startShuffle();
    startTracking(poll);
    document.addEventListener('visibilitychange', poll);
    await poll();
  } catch (error) {
    live(error.message, 'bad');
  }
}

start();
