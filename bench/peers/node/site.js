// The options and the connection of worker and aggregator.
import { parseArgs } from 'node:util';
import mqtt from 'mqtt';

export const QOS = 1;

/** Returns the command-line options, all strings, with their defaults. */
export function options(defaults) {
  const known = { broker: process.env.CHORALE_CONNECTION_BROKER ?? 'mqtt://127.0.0.1:1883', site: 'node', ...defaults };
  const named = Object.entries(known).map(([name, value]) => [name, { type: 'string', default: value }]);
  return parseArgs({ options: Object.fromEntries(named) }).values;
}

/**
 * Connects and subscribes, then prints `ready` to standard output. Ends when standard input closes.
 */
export function serve(broker, filter, onMessage) {
  const client = mqtt.connect(broker, { protocolVersion: 5 });
  // mqtt.js leaves Nagle's algorithm on, which delays small messages.
  client.on('connect', () => client.stream.setNoDelay(true));
  client.on('connect', () => client.subscribe(filter, { qos: QOS }, (error, granted) => {
    if (error || granted.some(({ qos }) => qos > 2)) throw error ?? new Error(`${filter}: refused`);
    console.log('ready');
  }));
  client.on('error', (error) => console.error(error.message));
  client.on('message', (topic, payload, packet) => onMessage(client, topic.split('/')[3], payload, packet));
  process.stdin.resume().on('end', () => process.exit());
}
