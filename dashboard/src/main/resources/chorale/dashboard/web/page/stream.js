// The event stream. If the browser supports shared workers, all its pages share one connection: a browser opens only
// six connections to a server, and each stream occupies one.

const SILENCE_MILLIS = 8000;
const AGAIN_MILLIS = 1000;

/**
 * Follows the server's events and reconnects until a login is required.
 * @param deliver receives {text} for an event, or {link: 'lost' | 'login'} without a connection
 * @returns {again, close}
 */
export function follow(deliver) {
  let source = null;
  let heard = 0;
  let timer = 0;

  function open() {
    clearTimeout(timer);
    source?.close();
    heard = performance.now();
    const mine = new EventSource('events');
    source = mine;
    mine.onmessage = event => {
      heard = performance.now();
      deliver({text: event.data});
    };
    mine.onerror = () => lost(mine);
  }

  async function lost(mine) {
    if (source !== mine) return;
    mine.close();
    source = null;
    let link = 'lost';
    try {
      const answer = await fetch('session', {cache: 'no-store'});
      if (answer.status === 401) link = 'login';
    } catch {
      // The server is unreachable.
    }
    deliver({link});
    if (link === 'lost') timer = setTimeout(open, AGAIN_MILLIS);
  }

  setInterval(() => {
    if (source && performance.now() - heard > SILENCE_MILLIS) lost(source);
  }, 1000);
  open();
  return {
    again: open,
    close() {
      clearTimeout(timer);
      source?.close();
      source = null;
    },
  };
}

/** Connects this page; returns a function that reconnects, for use after a login. */
export function connect(deliver) {
  if (typeof SharedWorker === 'function') {
    const worker = new SharedWorker(new URL('worker.js', import.meta.url), {type: 'module', name: 'chorale'});
    let works = false;
    worker.port.onmessage = message => {
      works = true;
      deliver(message.data);
    };
    worker.onerror = () => {
      if (!works) alone(deliver);
    };
    worker.port.start();
    addEventListener('pagehide', () => worker.port.postMessage('bye'));
    addEventListener('pageshow', event => {
      if (event.persisted) worker.port.postMessage('hello');
    });
    return () => worker.port.postMessage('again');
  }
  return alone(deliver).again;
}

/** Opens a connection for this page alone, while the page is visible. */
function alone(deliver) {
  const stream = follow(deliver);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) stream.close();
    else stream.again();
  });
  return stream;
}
