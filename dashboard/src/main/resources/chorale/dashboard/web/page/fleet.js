// The fleet view: boards, aggregators and the broker, as tables that become lists on a narrow screen.

import {age, byName, bytes, count, h, icon, millis, plural, show, span, text} from './words.js';

const STALE_MILLIS = 35_000;
const STATE = {online: 'Online', offline: 'Offline', unknown: 'Unknown'};
const PART = {joining: 'joining', ready: 'ready', leaving: 'leaving'};

const BOARDS = [
  ['Board', card => card.name],
  ['Variant', card => card.variant ?? '–'],
  ['State', card => (card.quarantined ? `${state(card)}, quarantined` : state(card))],
  ['Last seen', (card, store) => heard(card, store)],
  ['Time per image', card => millis(card.inference)],
  ['Frames', card => count(card.frames)],
  ['Dropped', card => count(card.dropped)],
  ['Memory', card => (card.memory ? bytes(card.memory) : '–')],
  ['Temperature', card => (card.celsius === undefined ? '–' : `${Math.round(card.celsius)} °C`)],
  ['Uptime', card => (card.uptime === undefined ? '–' : span(card.uptime * 1000))],
  ['Model', card => (card.model ? `${card.model} ${card.digest.slice(0, 8)}` : '–')],
];

const AGGREGATORS = [
  ['Aggregator', card => card.name],
  ['State', card => (card.state === 'online' && card.part !== 'ready' ? PART[card.part] ?? state(card) : state(card))],
  ['Last seen', (card, store) => heard(card, store)],
  ['Publishes for', card => leads(card)],
  ['Deadline', card => (card.deadline ? millis(card.deadline) : '–')],
  ['Late votes', card => count(card.late)],
  ['Dropped', card => count(card.dropped)],
  ['Uptime', card => (card.uptime === undefined ? '–' : span(card.uptime * 1000))],
  ['Version', card => card.version ?? '–'],
];

function state(card) {
  return STATE[card.state];
}

function doubt(card) {
  const what = card.quarantined ? `Quarantined by ${card.doubtBy}; its votes do not count` : 'Failed a check, but its votes count';
  return `${what}${card.doubt ? `: ${card.doubt}` : ''}. `;
}

function heard(card, store) {
  return card.heard ? age(store.ageOf(card.heard)) : 'never';
}

function leads(card) {
  if (!card.leads) return 'no camera';
  const more = card.leads - card.leading.length;
  return `${plural(card.leads, 'camera')}: ${card.leading.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

export class FleetView {
  constructor(store) {
    this.store = store;
    this.tables = [
      new Table('boards', BOARDS, store, 'No board has announced itself. Start one with: chorale worker --variant V1'),
      new Table('aggregators', AGGREGATORS, store, 'No aggregator has announced itself. Start one with: chorale aggregator'),
    ];
  }

  draw() {
    this.tables.forEach(table => table.draw());
    this.drawBroker();
  }

  drawBroker() {
    const {site} = this.store.state;
    if (!site) return;
    const facts = [
      ['Address', site.broker],
      ['Connection', `${site.connected ? 'up' : 'down'} for ${span(this.store.ageOf(site.since))}${site.reason ? `: ${site.reason}` : ''}`],
    ];
    if (site.load) {
      facts.push(['Messages dropped', count(site.load.dropped)], ['Messages refused', count(site.load.refused)],
          ['Queued', bytes(site.load.queued)], ['Retained', bytes(site.load.kept)],
          ['Updated', age(this.store.ageOf(site.load.heard))]);
    }
    facts.push(['Unreadable messages', count(site.malformed)]);
    if (site.boardsLeftOut) facts.push(['Boards not shown', count(site.boardsLeftOut)]);
    const list = document.getElementById('broker');
    while (list.children.length < facts.length) list.append(h('div', '', h('dt'), h('dd')));
    while (list.children.length > facts.length) list.lastElementChild.remove();
    facts.forEach(([name, value], i) => {
      text(list.children[i].firstElementChild, name);
      text(list.children[i].lastElementChild, value);
    });
  }
}

class Table {
  constructor(id, columns, store, nothing) {
    this.id = id;
    this.columns = columns;
    this.store = store;
    this.nothing = nothing;
    this.table = document.getElementById(id);
    this.rows = new Map();
    const head = h('tr');
    for (const [name] of columns) {
      const cell = h('th', '', name);
      cell.scope = 'col';
      head.append(cell);
    }
    this.table.tHead.append(head);
  }

  draw() {
    const cards = this.store.state[this.id];
    const names = Object.keys(cards).sort(byName);
    const empty = document.getElementById(`${this.id}-empty`);
    show(empty, names.length === 0);
    text(empty, this.nothing);
    show(this.table, names.length > 0);
    for (const [name, row] of this.rows) {
      if (!cards[name]) {
        row.remove();
        this.rows.delete(name);
      }
    }
    const body = this.table.tBodies[0];
    names.forEach((name, i) => {
      let row = this.rows.get(name);
      if (!row) {
        row = this.makeRow();
        this.rows.set(name, row);
      }
      if (body.children[i] !== row) body.insertBefore(row, body.children[i] ?? null);
      this.fill(row, {...cards[name], name});
    });
  }

  makeRow() {
    const row = h('tr');
    this.columns.forEach(([name], i) => {
      const cell = h(i === 0 ? 'th' : 'td', '', h('span'));
      if (i === 0) cell.scope = 'row';
      cell.dataset.label = name;
      if (name === 'State') cell.prepend(icon('answered', 'icon state-icon'));
      row.append(cell);
    });
    return row;
  }

  fill(row, card) {
    const old = !this.store.isLive() || card.state === 'unknown' || this.store.ageOf(card.heard) > STALE_MILLIS;
    row.className = `${card.state}${old ? ' stale' : ''}`;
    this.columns.forEach(([name, value], i) => {
      const cell = row.children[i];
      text(cell.lastElementChild, String(value(card, this.store)));
      if (name === 'State') {
        const use = cell.firstElementChild.firstElementChild;
        const wanted = `#i-${card.state === 'online' ? 'answered' : card.state === 'offline' ? 'offline' : 'waiting'}`;
        if (use.getAttribute('href') !== wanted) use.setAttribute('href', wanted);
      }
    });
    row.title = card.doubt === undefined ? '' : doubt(card);
    if (card.factor > 1) row.title += `An emulated board, ${card.factor} times slower than its machine.`;
  }
}
