/** Builders of elements, in which everything that a producer wrote stays text. */

const SVG = 'http://www.w3.org/2000/svg';

export function html(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

const shown = new WeakMap();

/** Redraws an element only when its data have changed, so that focus, scroll position and selection survive a poll. */
export function show(element, data, draw) {
  const key = JSON.stringify(data);
  if (shown.get(element) === key) return;
  shown.set(element, key);
  element.replaceChildren(...[draw(data)].flat());
}

export const row = (...cells) => html('tr', {}, cells);

export const cell = (value, classes) => html('td', { class: classes }, String(value));

export const words = (status) => status.replaceAll('_', ' ');

export const badge = (text, classes) => html('span', { class: `badge ${classes}` }, text);

export const statusBadge = (status) => badge(words(status), `status-${status}`);
