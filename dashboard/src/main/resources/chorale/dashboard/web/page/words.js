// Words, numbers and small elements of the page. Text from topics is used in text nodes only.

export const STATUS = {
  answered: {name: 'Answered', hint: 'All votes arrived, or the missing ones could not change the class.'},
  partial: {name: 'Partial', hint: 'Missing votes could have changed the class.'},
  unsure: {name: 'Unsure', hint: 'Confidence or margin is too low: the answer may be wrong, or the image shows none of the classes.'},
  no_answer: {name: 'No answer', hint: 'No board voted.'},
  waiting: {name: 'Waiting', hint: 'Frames arrive, but no answer yet.'},
  stale: {name: 'Old', hint: 'No new message for a while.'},
};

const REASON = {
  offline: 'offline',
  no_reply: 'no reply in time',
  not_needed: 'not needed',
  not_asked: 'not asked',
  quarantined: 'quarantined',
  error: 'failed',
};

const ERROR = {
  bad_image: 'invalid image',
  damaged: 'damaged image',
  too_large: 'image too large',
  unsupported: 'unsupported format',
  overloaded: 'overloaded',
  expired: 'too late',
  frame_gone: 'frame no longer stored',
  internal: 'internal error',
  bad_request: 'bad request',
};

export const DECIDED = {
  all: ['', ''],
  bound: ['early', 'Decided early: the missing votes could not change the class.'],
  quorum: ['early', 'Decided early: enough boards voted.'],
  deadline: ['deadline', 'Decided at the deadline.'],
  overload: ['overloaded', 'Decided early: too many frames were waiting.'],
  request: ['rejected', 'The frame was rejected.'],
};

/** Returns the number of boards that may lie, as a label and a sentence. */
export function withstands(liars) {
  if (!(liars > 0)) return ['', ''];
  const boards = liars === 1 ? 'one board' : `${liars} boards`;
  return [`withstands ${liars}`, `False votes from ${boards} could not change the class.`];
}

/** Returns the last tier asked, as a label and a sentence. */
export function tiers(last) {
  if (!(last > 1)) return ['', ''];
  return [`asked tier ${last}`, 'Earlier tiers were unsure, so this tier was asked too.'];
}

export function reason(missing) {
  if (missing.reason === 'error') return ERROR[missing.error] ?? missing.error ?? REASON.error;
  return REASON[missing.reason] ?? missing.reason;
}

export function errorText(codes) {
  return (codes ?? '').split(',').map(code => ERROR[code.trim()] ?? code).join(', ');
}

/** Formats a share, rounded down, so that only 1 shows as 100 %. */
export function percent(value) {
  return `${Math.floor(100 * Math.min(1, Math.max(0, value)) + 1e-6)} %`;
}

export function millis(value) {
  if (!(value > 0)) return '–';
  if (value < 10) return `${value.toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  return `${(value / 1000).toFixed(1)} s`;
}

export function count(value) {
  return Number(value ?? 0).toLocaleString('en');
}

export function bytes(value) {
  if (value < 1e6) return `${Math.round(value / 1e3)} kB`;
  return `${(value / 1e6).toFixed(value < 1e7 ? 1 : 0)} MB`;
}

export function span(ms) {
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

export function age(ms) {
  return ms < 1500 ? 'now' : `${span(ms)} ago`;
}

export function plural(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** Creates an element with a class and children; strings become text nodes. */
export function h(tag, className = '', ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

export function icon(name, className = 'icon') {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(space, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Sets the text of an element if it changed. */
export function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

export function show(element, visible) {
  if (element.hidden === visible) element.hidden = !visible;
}

export const byName = new Intl.Collator('en', {numeric: true}).compare;
