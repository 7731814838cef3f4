// The view to try an image.

import {drawVotes} from './cards.js';
import {DECIDED, STATUS, errorText, h, icon, millis, percent} from './words.js';

const MAX_BYTES = 4 * 1024 * 1024;
const LARGEST_SIDE = 1600;

export class TryView {
  constructor(store) {
    this.store = store;
    this.answer = document.getElementById('answer');
    this.input = document.getElementById('file');
    this.drop = document.getElementById('drop');
    this.input.addEventListener('change', () => this.send(this.input.files[0]));
    document.getElementById('try-form').addEventListener('submit', event => event.preventDefault());
    for (const type of ['dragover', 'drop']) {
      addEventListener(type, event => {
        event.preventDefault();
        if (type === 'drop' && !document.getElementById('try').hidden) this.send(event.dataTransfer.files[0]);
      });
    }
    addEventListener('paste', event => {
      if (!document.getElementById('try').hidden) this.send(event.clipboardData.files[0]);
    });
  }

  async send(file) {
    if (!file) return;
    const picture = h('img', 'tried');
    picture.alt = 'The chosen image';
    const address = URL.createObjectURL(file);
    picture.addEventListener('load', () => URL.revokeObjectURL(address));
    picture.addEventListener('error', () => picture.remove());
    picture.src = address;
    const says = h('div', 'says-box', h('p', 'hint', 'Waiting for the boards'));
    this.answer.replaceChildren(h('div', 'panel tried-panel', picture, says));
    try {
      const began = performance.now();
      const response = await fetch('try', {method: 'POST', body: await small(file), headers: {'Content-Type': 'application/octet-stream'}});
      if (response.status === 401) this.store.needLogin();
      if (!response.ok) throw new Error((await response.text()).trim());
      says.replaceChildren(...describe(await response.json(), performance.now() - began));
    } catch (error) {
      const why = error instanceof TypeError ? 'The dashboard cannot be reached.' : error.message;
      says.replaceChildren(h('p', 'class', 'No answer'), h('p', 'detail', why));
    }
    this.input.value = '';
  }
}

function describe(result, took) {
  const status = result.status;
  const parts = [];
  const badge = h('span', 'badge', icon(status), STATUS[status].name);
  if (result.class) {
    const meter = h('span', 'meter', h('i'));
    meter.setAttribute('aria-hidden', 'true');
    meter.style.setProperty('--v', String(result.confidence));
    parts.push(h('div', 'line answer-line',
        h('p', 'class', status === 'unsure' ? `perhaps ${result.class}` : result.class),
        h('p', 'confidence', percent(result.confidence))), meter);
  } else {
    parts.push(h('p', 'class', STATUS[status].name));
  }
  if (result.error) parts.push(h('p', 'detail', [errorText(result.error), result.detail].filter(Boolean).join(': ')));
  parts.push(h('p', 'hint', STATUS[status].hint));
  const votes = h('ul', 'votes');
  votes.setAttribute('aria-label', 'Votes');
  drawVotes(votes, result);
  const [, how] = DECIDED[result.by] ?? ['', ''];
  parts.push(votes, h('div', 'line last', badge, h('p', 'foot', `${millis(result.latency)}; ${millis(took)} including the network`)));
  if (how) parts.push(h('p', 'hint', how));
  const box = h('div', 'result', ...parts);
  box.dataset.status = status;
  return [box];
}

/** Scales an image down to a JPEG if it is too large for a frame or in a format that only browsers read. */
async function small(file) {
  if (file.size <= MAX_BYTES && /^image\/(jpeg|png)$/.test(file.type)) return file;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    if (file.size > MAX_BYTES) throw new Error('This file is larger than 4 MiB, and this browser cannot read it as an image.');
    return file;
  }
  const shrink = Math.min(1, LARGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * shrink));
  canvas.height = Math.max(1, Math.round(bitmap.height * shrink));
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', 0.9));
}
