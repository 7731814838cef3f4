// A worker: runs one variant on every image, and replies with the two most likely classes.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import sharp from 'sharp';
import { options, serve, QOS } from './site.js';

const { broker, site, variant, models } = options({ variant: 'V1', models: '.' });
const { input_size: size, alpha } = JSON.parse(readFileSync(join(models, `${variant}.json`)));
const scale = size * (alpha / 0.35) ** 1.15;
const area = size * size;
const pixel = new Float32Array(256).map((_, value) => value / 127.5 - 1);

sharp.concurrency(1);
sharp.cache(false);
const session = await ort.InferenceSession.create(join(models, `${variant}.onnx`), {
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  interOpNumThreads: 1,
  intraOpNumThreads: 1,
});
const input = new Float32Array(3 * area);
const feeds = { image: new ort.Tensor('float32', input, [1, 3, size, size]) };

/**
 * Decodes and stretches the image to interleaved RGB bytes. Runs in libuv's pool, in parallel with
 * inference.
 */
function decode(image) {
  return sharp(image)
    .autoOrient()
    .resize(size, size, { fit: 'fill', kernel: 'linear' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
}

async function infer(rgb) {
  for (let from = 0, to = 0; to < area; from += 3, to++) {
    input[to] = pixel[rgb[from]];
    input[to + area] = pixel[rgb[from + 1]];
    input[to + 2 * area] = pixel[rgb[from + 2]];
  }
  const { probabilities } = await session.run(feeds);
  return topTwo(probabilities.data);
}

function topTwo(probabilities) {
  let first = 0;
  let second = -1;
  for (let i = 1; i < probabilities.length; i++) {
    if (probabilities[i] > probabilities[first]) [first, second] = [i, first];
    else if (second < 0 || probabilities[i] > probabilities[second]) second = i;
  }
  return [first, second].map((index) => [index, probabilities[index]]);
}

/** Returns the request's key as in docs/protocol.md, by which the camera finds its result. */
function requestId(camera, correlation, image) {
  const hash = createHash('sha256').update(camera).update(Buffer.from([0, correlation.length >> 8, correlation.length]));
  return hash.update(correlation).update(image).digest('hex').slice(0, 32);
}

// Inferences run one by one, because they share the input tensor.
let last = infer(Buffer.alloc(3 * area));

serve(broker, `chorale/${site}/camera/+/image`, async (client, camera, image, { properties }) => {
  const started = performance.now();
  try {
    const id = requestId(camera, properties?.correlationData ?? Buffer.alloc(0), image);
    const rgb = await decode(image);
    last = last.catch(() => {}).then(() => infer(rgb));
    const top = await last;
    const reply = { id, variant, scale, top, inference_ms: performance.now() - started };
    client.publish(`chorale/${site}/camera/${camera}/reply/${variant}/node`, JSON.stringify(reply), { qos: QOS });
  } catch (error) {
    console.error(`${camera}: ${error.message}`);
  }
});
