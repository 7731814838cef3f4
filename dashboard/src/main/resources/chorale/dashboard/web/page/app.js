// The page: follows the events, shows one of four views, and shows the state of the connection.

import {Cards} from './cards.js';
import {FleetView} from './fleet.js';
import {PlotsView} from './plots.js';
import {emptyState, merge} from './state.js';
import {connect} from './stream.js';
import {TryView} from './try.js';
import {count, h, millis, show, text} from './words.js';

const VIEWS = ['live', 'fleet', 'plots', 'try'];
const SLOW_START_MILLIS = 5000;

const store = {
  state: emptyState(),
  view: 'live',
  link: 'connecting',
  offset: 0,

  /** Returns the milliseconds since a time of the dashboard's clock. */
  ageOf(millisThen) {
    return Math.max(0, Date.now() + this.offset - millisThen);
  },

  /** Returns whether the shown state can be up to date. */
  isLive() {
    return this.link === 'up' && this.state.site?.connected === true;
  },

  remember() {
    const params = new URLSearchParams();
    if (this.view !== 'live') params.set('view', this.view);
    cards.save(params);
    const query = params.toString();
    history.replaceState(null, '', query ? `?${query}` : location.pathname);
  },

  needLogin() {
    this.link = 'login';
    drawLink();
    open();
  },
};

const cards = new Cards(store);
const fleet = new FleetView(store);
const plots = new PlotsView(store);
new TryView(store);

const started = Date.now();
let pending = null;
let connected = false;
let again = () => {};

function receive(message) {
  if (message.text) {
    const event = JSON.parse(message.text);
    const changed = merge(store.state, event);
    store.offset = event.now - Date.now();
    store.link = 'up';
    note(changed);
  } else {
    store.link = message.link;
    tick();
  }
}

/** Draws all changes in the next animation frame. */
function note(changed) {
  if (!pending) {
    pending = changed;
    requestAnimationFrame(draw);
    return;
  }
  pending.full ||= changed.full;
  pending.row ||= changed.row;
  pending.cameras = [...new Set([...pending.cameras, ...changed.cameras])];
}

function draw() {
  const changed = pending;
  pending = null;
  if (store.state.site) {
    cards.update(changed);
    if (connected !== store.isLive()) cards.tick();
    connected = store.isLive();
    if (store.view === 'fleet') fleet.draw();
    if (store.view === 'plots' && (changed.full || changed.row)) plots.draw();
    drawTiles();
  }
  drawLink();
}

function drawTiles() {
  const {site, boards, aggregators, cameras} = store.state;
  const online = Object.values(boards).filter(card => card.state === 'online').length;
  const ready = Object.values(aggregators).filter(card => card.part === 'ready' && card.state === 'online').length;
  const tiles = [
    ['Cameras', count(Object.keys(cameras).length), ''],
    ['Answers/s', site.rate < 10 ? site.rate.toFixed(1) : count(Math.round(site.rate)), ''],
    ['Response', millis(site.p50), site.p99 ? `p99 ${millis(site.p99)}` : ''],
    ['Boards', `${online} of ${Object.keys(boards).length}`, ''],
    ['Aggregators', `${ready} of ${Object.keys(aggregators).length}`, ''],
  ];
  const list = document.getElementById('tiles');
  while (list.children.length < tiles.length) list.append(h('div', 'tile', h('dt'), h('dd', '', h('span', 'value'), h('span', 'more'))));
  tiles.forEach(([name, value, more], i) => {
    const [term, data] = list.children[i].children;
    text(term, name);
    text(data.firstElementChild, value);
    text(data.lastElementChild, more);
  });
  list.classList.toggle('stale', !store.isLive());
  text(document.getElementById('site-name'), site.name);
  document.title = `Chorale ${site.name}`;
  document.getElementById('cards').classList.toggle(
      'with-pictures', store.state.pictures && Object.values(cameras).some(card => card.picture));
}

function drawLink() {
  const {site} = store.state;
  const [kind, words, banner] = linkWords(site);
  const pill = document.getElementById('link');
  if (pill.dataset.kind !== kind) pill.dataset.kind = kind;
  text(document.getElementById('link-text'), words);
  const box = document.getElementById('banner');
  show(box, Boolean(banner));
  text(box, banner);
}

function linkWords(site) {
  switch (store.link) {
    case 'login':
      return ['off', 'Not logged in', ''];
    case 'connecting':
      return Date.now() - started > SLOW_START_MILLIS
          ? ['down', 'No connection', 'The dashboard does not respond. This page keeps trying.']
          : ['off', 'Connecting', ''];
    case 'lost':
      return ['down', 'Page not connected', 'The dashboard cannot be reached. This page shows the last known state and keeps trying.'];
  }
  if (site && !site.connected) {
    const since = new Date(site.since - store.offset).toLocaleTimeString();
    const why = site.reason ? `: ${site.reason}` : '';
    return ['down', 'Broker not connected',
      `No connection to the broker at ${site.broker} since ${since}${why}. This page shows the last known state.`];
  }
  return ['up', 'Live', ''];
}

function open() {
  const login = store.link === 'login';
  show(document.getElementById('login'), login);
  for (const view of VIEWS) show(document.getElementById(view), !login && view === store.view);
  for (const link of document.querySelectorAll('[data-view]')) {
    if (link.dataset.view === store.view) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (store.view === 'fleet') fleet.draw();
  if (store.view === 'plots') plots.draw();
}

function route() {
  const params = new URLSearchParams(location.search);
  store.view = VIEWS.includes(params.get('view')) ? params.get('view') : 'live';
  cards.load(params);
  open();
}

document.querySelector('nav').addEventListener('click', event => {
  const link = event.target.closest('[data-view]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (store.view === link.dataset.view) return;
  store.view = link.dataset.view;
  history.pushState(null, '', location.href);
  store.remember();
  open();
});

addEventListener('popstate', route);

addEventListener('keydown', event => {
  if (event.key === '/' && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName) && store.view === 'live') {
    event.preventDefault();
    document.getElementById('search').focus();
  }
});

document.getElementById('login-form').addEventListener('submit', async event => {
  event.preventDefault();
  const form = event.target;
  const error = document.getElementById('login-error');
  text(error, '');
  try {
    const response = await fetch('login', {method: 'POST', body: new URLSearchParams(new FormData(form))});
    if (!response.ok) throw new Error((await response.text()).trim());
    form.reset();
    again();
  } catch (problem) {
    text(error, problem instanceof TypeError ? 'The dashboard cannot be reached.' : problem.message);
  }
});

document.getElementById('logout').addEventListener('click', async () => {
  await fetch('logout', {method: 'POST'}).catch(() => null);
  again();
});

async function whoAmI() {
  const response = await fetch('session', {cache: 'no-store'}).catch(() => null);
  if (response?.ok) show(document.getElementById('logout'), (await response.text()).trim() === 'user');
}

/** Updates what changes with time alone: ages and staleness. */
function tick() {
  if (store.state.site) {
    cards.tick();
    drawTiles();
    if (store.view === 'fleet') fleet.draw();
  }
  drawLink();
}

setInterval(() => {
  if (!document.hidden) tick();
}, 1000);

again = connect(message => {
  const before = store.link;
  receive(message);
  if ((store.link === 'login') !== (before === 'login')) {
    show(document.getElementById('logout'), false);
    open();
    whoAmI();
  }
});
route();
whoAmI();
