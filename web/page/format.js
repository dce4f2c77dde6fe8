'use strict';
// Numbers and elements for the page. Text from the run only ever enters as text, never as markup.

// Four significant figures without trailing zeros, never an exponent.
function figure(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '\u2013';
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  const text = value.toFixed(Math.min(12, Math.max(0, 3 - magnitude)));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function scaled(value, units) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '\u2013';
  const unit = units.find(([scale]) => Math.abs(value) >= 0.99995 * scale) || units[units.length - 1];
  return figure(value / unit[0]) + '\u00a0' + unit[1];
}

const duration = (us) =>
  us === 0
    ? '0\u00a0s'
    : scaled(us, [
        [1e6, 's'],
        [1e3, 'ms'],
        [1, '\u00b5s'],
        [1e-3, 'ns'],
        [1e-6, 'ps'],
      ]);
const bytes = (count) =>
  scaled(count, [
    [1e12, 'TB'],
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'KB'],
    [1, 'B'],
  ]);
const rate = (gbps) =>
  gbps === 0
    ? '0\u00a0Gb/s'
    : scaled(gbps, [
        [1e3, 'Tb/s'],
        [1, 'Gb/s'],
        [1e-3, 'Mb/s'],
        [1e-6, 'Kb/s'],
      ]);
const large = (count) =>
  count < 999950
    ? whole(Math.round(count))
    : scaled(count, [
        [1e9, 'billion'],
        [1e6, 'million'],
      ]);
const percent = (share) => figure(Math.round(share * 1000) / 10) + '\u00a0%';

function whole(count) {
  if (count === null || count === undefined) return '\u2013';
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

const counted = (count, one, many) => whole(count) + ' ' + (count === 1 ? one : many || one + 's');

// make('p', {class: 'note'}, 'text', child, ...): an element; strings become text nodes.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) element.append(child);
  }
  return element;
}
