// What worker and aggregator share: their options, their connection and their end.
import { parseArgs } from 'node:util';
import mqtt from 'mqtt';

export const QOS = 1;

/** Options of the command line, all of them strings, with their defaults. */
export function options(defaults) {
  const known = { broker: process.env.CHORALE_CONNECTION_BROKER ?? 'mqtt://127.0.0.1:1883', site: 'node', ...defaults };
  const named = Object.entries(known).map(([name, value]) => [name, { type: 'string', default: value }]);
  return parseArgs({ options: Object.fromEntries(named) }).values;
}

/** Connects and subscribes; says `ready` on standard output, and ends when standard input does. */
export function serve(broker, filter, onMessage) {
  const client = mqtt.connect(broker, { protocolVersion: 5 });
  // mqtt.js leaves Nagle's algorithm on, which holds small messages back.
  client.on('connect', () => client.stream.setNoDelay(true));
  client.on('connect', () => client.subscribe(filter, { qos: QOS }, (error, granted) => {
    if (error || granted.some(({ qos }) => qos > 2)) throw error ?? new Error(`${filter}: refused`);
    console.log('ready');
  }));
  client.on('error', (error) => console.error(error.message));
  client.on('message', (topic, payload, packet) => onMessage(client, topic.split('/')[3], payload, packet));
  process.stdin.resume().on('end', () => process.exit());
}
