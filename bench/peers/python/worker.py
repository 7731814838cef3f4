"""One variant on one board: image in, its two most likely classes out."""
import hashlib
import io
import json
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

from site_client import QOS, options, serve

given = options(variant="V1")
manifest = json.loads(Path(given.models, f"{given.variant}.json").read_text())
size = manifest["input_size"]
scale = size * (manifest["alpha"] / 0.35) ** 1.15

settings = onnxruntime.SessionOptions()
settings.intra_op_num_threads = 1
settings.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(Path(given.models, f"{given.variant}.onnx"), settings, ["CPUExecutionProvider"])
values = (np.arange(256) / 127.5 - 1).astype(np.float32)


def decode(image):
    """The whole upright image, stretched, as RGB bytes [S, S, 3]."""
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(image))).convert("RGB")
    return np.asarray(picture.resize((size, size), Image.Resampling.BILINEAR))


def infer(rgb):
    tensor = values[rgb].transpose(2, 0, 1)[np.newaxis]
    probabilities = session.run(["probabilities"], {"image": np.ascontiguousarray(tensor)})[0][0]
    best = np.argsort(probabilities)[:-3:-1]
    return [[int(index), float(probabilities[index])] for index in best]


def request_id(camera, correlation, image):
    """Returns the request id defined in docs/protocol.md; the camera uses it to find its result."""
    digest = hashlib.sha256(camera.encode() + b"\0" + len(correlation).to_bytes(2, "big") + correlation)
    digest.update(image)
    return digest.hexdigest()[:32]


def answer(client, camera, message):
    started = time.perf_counter()
    try:
        top = infer(decode(message.payload))
    except (OSError, ValueError) as error:
        print(f"{camera}: {error}", file=sys.stderr)
        return
    reply = {
        "id": request_id(camera, getattr(message.properties, "CorrelationData", b""), message.payload),
        "variant": given.variant,
        "scale": scale,
        "top": top,
        "inference_ms": 1000 * (time.perf_counter() - started),
    }
    client.publish(f"chorale/{given.site}/camera/{camera}/reply/{given.variant}/python", json.dumps(reply), QOS)


infer(np.zeros((size, size, 3), np.uint8))
serve(given.broker, f"chorale/{given.site}/camera/+/image", answer)
