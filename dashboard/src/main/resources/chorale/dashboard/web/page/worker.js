// A shared worker: holds one connection to the server for all open pages of a browser.

import {emptyState, everything, merge} from './state.js';
import {follow} from './stream.js';

const ports = new Set();
let state = emptyState();
let link = null;

const stream = follow(message => {
  if (message.text) {
    link = 'up';
    merge(state, JSON.parse(message.text));
  } else {
    link = message.link;
    if (link === 'login') state = emptyState();
  }
  for (const port of ports) port.postMessage(message);
});

function welcome(port) {
  ports.add(port);
  if (state.now) port.postMessage({text: JSON.stringify(everything(state))});
  if (link && link !== 'up') port.postMessage({link});
}

addEventListener('connect', event => {
  const port = event.ports[0];
  port.onmessage = message => {
    if (message.data === 'again') stream.again();
    else if (message.data === 'bye') ports.delete(port);
    else if (message.data === 'hello') welcome(port);
  };
  welcome(port);
});
