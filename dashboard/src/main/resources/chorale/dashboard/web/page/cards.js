// The live view: a card for each camera. Cards are created once and updated in place. Updates cover changed cards only;
// cards out of sight update only what sorting and filtering need.

import {DECIDED, STATUS, age, byName, errorText, h, icon, millis, percent, plural, reason, show, text, tiers, withstands} from './words.js';

const MIN_STALE_MILLIS = 30_000;
const WAIT_MILLIS = 10_000;
const ORDER = ['answered', 'partial', 'unsure', 'no_answer', 'stale'];

export class Cards {
  constructor(store) {
    this.store = store;
    this.cards = new Map();
    this.list = document.getElementById('cards');
    this.visible = new Set();
    this.observer = new IntersectionObserver(
        entries => entries.forEach(entry => this.seen(entry)), {rootMargin: '200px'});
    this.search = document.getElementById('search');
    this.chips = new Map();
    this.status = '';
    this.buildFilters();
  }

  buildFilters() {
    const box = document.getElementById('chips');
    for (const status of ['', ...ORDER]) {
      const number = h('span', 'number');
      const button = h('button', 'chip', status ? STATUS[status].name : 'All', number);
      button.type = 'button';
      if (status) button.title = STATUS[status].hint;
      button.addEventListener('click', () => {
        this.status = this.status === status ? '' : status;
        this.filtered();
      });
      this.chips.set(status, {button, number});
      box.append(button);
    }
    this.search.addEventListener('input', () => this.filtered());
    document.getElementById('filters').addEventListener('submit', event => event.preventDefault());
  }

  /** Reads the filters from the page's address. */
  load(params) {
    this.search.value = params.get('q') ?? '';
    this.status = ORDER.includes(params.get('status')) ? params.get('status') : '';
    this.filter();
  }

  save(params) {
    if (this.search.value) params.set('q', this.search.value);
    if (this.status) params.set('status', this.status);
  }

  filtered() {
    this.store.remember();
    this.filter();
  }

  update(changed) {
    const {cameras} = this.store.state;
    if (changed.full) {
      for (const name of [...this.cards.keys()]) if (!cameras[name]) this.remove(name);
    }
    const names = changed.full ? Object.keys(cameras) : changed.cameras;
    let added = false;
    for (const name of names) {
      if (!cameras[name]) {
        this.remove(name);
        continue;
      }
      let card = this.cards.get(name);
      if (!card) {
        card = new Card(name, this.store);
        this.cards.set(name, card);
        added = true;
      }
      card.data = cameras[name];
      card.dirty = true;
      card.judge();
      if (this.visible.has(card)) card.draw();
    }
    if (added) this.sort();
    this.filter();
  }

  sort() {
    const sorted = [...this.cards.values()].sort((a, b) => byName(a.name, b.name));
    let at = this.list.firstElementChild;
    for (const card of sorted) {
      if (card.root === at) {
        at = at.nextElementSibling;
      } else {
        this.list.insertBefore(card.root, at);
        this.observer.observe(card.root);
      }
      card.root.card = card;
    }
  }

  remove(name) {
    const card = this.cards.get(name);
    if (!card) return;
    this.observer.unobserve(card.root);
    this.visible.delete(card);
    card.root.remove();
    this.cards.delete(name);
  }

  seen(entry) {
    const card = entry.target.card;
    if (!card) return;
    if (entry.isIntersecting) {
      this.visible.add(card);
      card.draw();
    } else {
      this.visible.delete(card);
    }
  }

  /** Updates ages, staleness and filters, every second. */
  tick() {
    for (const card of this.cards.values()) card.judge();
    for (const card of this.visible) card.drawAge();
    this.filter();
  }

  filter() {
    const wanted = this.search.value.trim().toLowerCase();
    const numbers = Object.fromEntries(['', ...ORDER].map(status => [status, 0]));
    let shown = 0;
    for (const card of this.cards.values()) {
      const status = card.status();
      numbers['']++;
      if (status in numbers) numbers[status]++;
      const fits =
          (!this.status || this.status === status) &&
          (!wanted || card.name.toLowerCase().includes(wanted) ||
              (card.data.class ?? '').toLowerCase().includes(wanted));
      show(card.root, fits);
      if (fits) shown++;
    }
    for (const [status, {button, number}] of this.chips) {
      text(number, String(numbers[status]));
      button.setAttribute('aria-pressed', String(this.status === status));
    }
    this.empty(shown);
  }

  empty(shown) {
    const note = document.getElementById('live-empty');
    const all = this.cards.size;
    show(note, shown === 0 && Boolean(this.store.state.site));
    if (all > 0) text(note, 'No camera matches the filter.');
    else text(note, 'No camera has sent an image yet. Any device that publishes JPEGs over MQTT can be a camera.');
    const left = this.store.state.site?.camerasLeftOut ?? 0;
    const count = document.getElementById('live-count');
    show(count, left > 0);
    text(count, `${plural(all, 'camera')} shown; ${plural(left, 'older camera')} not shown.`);
  }
}

class Card {
  constructor(name, store) {
    this.name = name;
    this.store = store;
    this.stale = false;
    this.votes = new Map();
    this.build();
  }

  build() {
    this.title = h('h3', 'camera', this.name);
    this.title.id = `camera-${this.name}`;
    this.age = h('time', 'age');
    this.image = h('img');
    this.image.alt = '';
    this.image.decoding = 'async';
    this.image.addEventListener('error', () => this.image.classList.add('gone'));
    this.image.addEventListener('load', () => this.image.classList.remove('gone'));
    this.noPicture = h('span', 'no-picture', icon('camera', 'icon big'));
    this.badge = h('span', 'badge');
    this.picture = h('div', 'picture', this.noPicture, this.image);
    this.className = h('p', 'class');
    this.confidence = h('p', 'confidence');
    this.meter = h('span', 'meter', h('i'));
    this.meter.setAttribute('aria-hidden', 'true');
    this.detail = h('p', 'detail');
    this.voteList = h('ul', 'votes');
    this.voteList.setAttribute('aria-label', 'Votes');
    this.foot = h('p', 'foot');
    const article = h('article', 'card',
        this.picture,
        h('div', 'body',
            h('div', 'line', this.title, this.age),
            h('div', 'line answer-line', this.className, this.confidence),
            this.meter, this.detail, this.voteList,
            h('div', 'line last', this.badge, this.foot)));
    article.setAttribute('aria-labelledby', this.title.id);
    this.article = article;
    this.root = h('li', 'slot', article);
  }

  status() {
    if (this.stale) return 'stale';
    return this.data.status ?? 'waiting';
  }

  /**
   * Marks the card as old: no result since the broker returned, or for three times the usual interval (at least 30 s),
   * or this page is not live.
   */
  judge() {
    const {site} = this.store.state;
    const at = this.data.at ?? this.data.heard;
    const patience = Math.max(MIN_STALE_MILLIS, 3 * (this.data.every ?? 0));
    this.stale = !this.store.isLive() || at < site.since || this.store.ageOf(at) > patience;
  }

  draw() {
    if (!this.dirty) return;
    this.dirty = false;
    const data = this.data;
    const status = data.status ?? 'waiting';
    this.drawPicture(data);
    const unsure = status === 'unsure';
    text(this.className, data.class ? (unsure ? `perhaps ${data.class}` : data.class) : STATUS[status].name);
    text(this.confidence, data.class ? percent(data.confidence) : '');
    show(this.meter, Boolean(data.class));
    this.meter.style.setProperty('--v', String(Math.min(1, Math.max(0, data.confidence ?? 0))));
    const why = data.error ? [errorText(data.error), data.detail].filter(Boolean).join(': ') : '';
    show(this.detail, Boolean(why));
    text(this.detail, why);
    if (this.article.dataset.status !== status) {
      this.article.dataset.status = status;
      this.badge.replaceChildren(icon(status), STATUS[status].name);
      this.badge.title = STATUS[status].hint;
    }
    drawVotes(this.voteList, data);
    const [early, hint] = DECIDED[data.by] ?? ['', ''];
    const [sound, soundness] = withstands(data.withstands);
    const [asked, askedWhy] = tiers(data.tier);
    const latency = data.latency === undefined ? '' : millis(data.latency);
    text(this.foot, [early, latency, asked, sound].filter(Boolean).join(' · '));
    const publisher = data.aggregator ? `Published by ${data.aggregator}.` : '';
    this.foot.title = [hint, askedWhy, soundness, publisher].filter(Boolean).join(' ');
    this.drawAge();
  }

  drawPicture(data) {
    if (this.version === data.picture) return;
    this.version = data.picture;
    if (data.picture && this.store.state.pictures) {
      this.image.src = `picture/${encodeURIComponent(this.name)}?v=${data.picture}`;
    }
    this.picture.classList.toggle('has-picture', Boolean(data.picture));
    this.picture.title = data.pictureError ?? '';
  }

  drawAge() {
    const at = this.data.at ?? this.data.heard;
    const ms = this.store.ageOf(at);
    text(this.age, age(ms));
    this.article.classList.toggle('stale', this.stale);
    if (this.data.status === undefined) {
      show(this.detail, ms > WAIT_MILLIS);
      text(this.detail, 'Frames arrive, but no answers. Is an aggregator running?');
    }
  }
}

/** Draws each vote as a bar, and the reason of each missing vote, sorted by variant. */
export function drawVotes(list, data) {
  const rows = [
    ...(data.votes ?? []).map(vote => ({...vote, voted: true})),
    ...(data.missing ?? []),
  ].sort((a, b) => byName(a.variant, b.variant));
  while (list.children.length > rows.length) list.lastElementChild.remove();
  while (list.children.length < rows.length) {
    const bar = h('span', 'bar', h('i'));
    bar.setAttribute('aria-hidden', 'true');
    list.append(h('li', 'vote', h('span', 'variant'), bar, h('span', 'says'), h('span', 'share')));
  }
  rows.forEach((row, i) => {
    const item = list.children[i];
    const [variant, bar, says, share] = item.children;
    const agrees = row.voted && row.class === data.class;
    item.className = row.voted ? (agrees ? 'vote agrees' : 'vote differs') : `vote absent ${row.reason}`;
    text(variant, row.variant);
    bar.firstElementChild.style.setProperty('--v', String(row.voted ? Math.min(1, Math.max(0, row.p)) : 0));
    text(says, row.voted ? row.class : reason(row));
    text(share, row.voted ? percent(row.p) : '');
    item.title = row.voted ? `${row.worker}, ${millis(row.ms)}` : (row.detail ?? '');
  });
}
