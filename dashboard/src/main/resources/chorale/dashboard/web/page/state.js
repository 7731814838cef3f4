// The state of the site, built from the server's events. Used by the page and by the shared worker.

const TABLES = ['cameras', 'boards', 'aggregators'];

export function emptyState() {
  return {now: 0, pictures: false, site: null, cameras: {}, boards: {}, aggregators: {}, history: null};
}

/** Applies an event; returns the changed cards by table, and whether the whole state is new. */
export function merge(state, event) {
  const changed = {full: event.full === true, row: 'row' in event};
  state.now = event.now;
  if (event.site) state.site = event.site;
  if (event.full) {
    state.pictures = event.pictures === true;
    state.history = event.history;
    for (const table of TABLES) state[table] = {};
  }
  for (const table of TABLES) {
    const cards = event[table] ?? {};
    changed[table] = Object.keys(cards);
    for (const [name, card] of Object.entries(cards)) {
      if (card === null) delete state[table][name];
      else state[table][name] = card;
    }
  }
  if (event.row && state.history) {
    const {rows, max} = state.history;
    state.history.variants = event.variants;
    while (rows.length && rows[rows.length - 1][0] >= event.row[0]) rows.pop(); // the clock was set back
    rows.push(event.row);
    if (rows.length > max) rows.shift();
  }
  return changed;
}

/** Returns the first event of another page, with the full state. */
export function everything(state) {
  return {...state, full: true};
}
