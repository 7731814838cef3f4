// Collects the replies to an image and publishes the class with the largest scaled sum.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { options, serve, QOS } from './site.js';

const { broker, site, models, expect, deadline } = options({ models: '.', expect: '5', deadline: '1000' });
const { classes } = JSON.parse(readFileSync(join(models, 'set.json')));
const open = new Map();

function decide(client, key) {
  const { camera, id, opened, votes, timer } = open.get(key);
  open.delete(key);
  clearTimeout(timer);
  const sums = new Float64Array(classes.length);
  let scales = 0;
  for (const { scale, top } of votes.values()) {
    scales += scale;
    for (const [index, probability] of top) sums[index] += scale * probability;
  }
  const best = sums.indexOf(Math.max(...sums));
  const result = {
    camera,
    class: classes[best],
    class_index: best,
    score: sums[best] / scales,
    answered: [...votes.keys()],
    latency_ms: performance.now() - opened,
  };
  client.publish(`chorale/${site}/camera/${camera}/result`, JSON.stringify(result), {
    qos: QOS,
    retain: true,
    properties: { correlationData: id },
  });
}

serve(broker, `chorale/${site}/camera/+/reply/+/+`, (client, camera, payload, id) => {
  const key = `${camera} ${id.toString('hex')}`;
  let request = open.get(key);
  if (!request) {
    request = { camera, id, opened: performance.now(), votes: new Map() };
    request.timer = setTimeout(() => decide(client, key), Number(deadline));
    open.set(key, request);
  }
  const { variant, ...vote } = JSON.parse(payload);
  request.votes.set(variant, vote);
  if (request.votes.size === Number(expect)) decide(client, key);
});
