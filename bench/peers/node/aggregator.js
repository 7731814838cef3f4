// Collects the replies to an image and publishes the class with the largest scaled sum.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { options, serve, QOS } from './site.js';

const { broker, site, models, expect, deadline } = options({ models: '.', expect: '5', deadline: '1000' });
const { classes } = JSON.parse(readFileSync(join(models, 'set.json')));
const open = new Map();

function fuse(votes) {
  const sums = new Float64Array(classes.length);
  let scales = 0;
  for (const { scale, top } of votes) {
    scales += scale;
    for (const [index, probability] of top) sums[index] += scale * probability;
  }
  const best = sums.indexOf(Math.max(...sums));
  return { class: classes[best], class_index: best, score: sums[best] / scales, confidence: sums[best] / scales };
}

function decide(client, id) {
  const { camera, opened, votes, timer } = open.get(id);
  open.delete(id);
  clearTimeout(timer);
  const complete = votes.size === Number(expect);
  const result = {
    schema: 1,
    request_id: id,
    camera,
    ts: new Date().toISOString(),
    status: complete ? 'answered' : 'partial',
    ...fuse(votes.values()),
    fusion: 'scaled-sum',
    decided_by: complete ? 'all' : 'deadline',
    answered: [...votes.values()].map(({ variant, top: [[index, probability]], inference_ms, arrived_ms }) => (
      { worker: 'node', variant, class: classes[index], probability, inference_ms, arrived_ms })),
    latency_ms: performance.now() - opened,
    deadline_ms: Number(deadline),
  };
  const topic = `chorale/${site}/camera/${camera}/result`;
  client.publish(topic, JSON.stringify(result), { qos: QOS, retain: true });
}

serve(broker, `chorale/${site}/camera/+/reply/+/+`, (client, camera, payload) => {
  const reply = JSON.parse(payload);
  let request = open.get(reply.id);
  if (!request) {
    request = { camera, opened: performance.now(), votes: new Map() };
    request.timer = setTimeout(() => decide(client, reply.id), Number(deadline));
    open.set(reply.id, request);
  }
  request.votes.set(reply.variant, { ...reply, arrived_ms: performance.now() - request.opened });
  if (request.votes.size === Number(expect)) decide(client, reply.id);
});
