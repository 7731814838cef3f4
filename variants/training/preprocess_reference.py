"""Writes reference tensors of the preprocessing shared by training and workers, for the test of the Java resize.

The preprocessing stretches the whole image to SxS by an antialiased bilinear (triangle) filter with half-pixel centers, in
floating point without intermediate rounding, then x/127.5 - 1; RGB planes (NCHW, N = 1). A gray image has three equal planes.
The expected values are PyTorch's `interpolate(mode="bilinear", antialias=True, align_corners=False)` in float64.

`index.json`: a list of {"file", "width", "height", "size", "tensor"}; a tensor file is raw little-endian float32,
3*size*size values, uncompressed. Sources are PNG files drawn here, so every decoder gives the same pixels.

    python preprocess_reference.py [FOLDER]        default: variants/training/references
"""
from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from data import preprocess

HERE = Path(__file__).resolve().parent
# file, width, height, mode, target sizes
SOURCES = (("landscape.png", 320, 240, "RGB", (96, 224)), ("portrait.png", 120, 200, "RGB", (96,)),
           ("tiny.png", 32, 32, "RGB", (96, 160)), ("gray.png", 64, 48, "L", (96,)))


def source(width: int, height: int, mode: str, seed: int) -> Image.Image:
    """Draws smooth gradients, hard edges, thin lines and noise, which reveal differences between resize filters."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [255 * x / (width - 1), 255 * y / (height - 1), 127.5 + 127.5 * np.sin(x * 0.9 + y * 0.4)]
    image = Image.fromarray(np.stack(planes, axis=2).astype(np.uint8), "RGB")
    draw = ImageDraw.Draw(image)
    for i in range(6):
        left, top = int(rng.integers(0, width * 3 // 4)), int(rng.integers(0, height * 3 // 4))
        box = (left, top, left + width // 5, top + height // 5)
        color = tuple(int(v) for v in rng.integers(0, 256, 3))
        (draw.ellipse if i % 2 else draw.rectangle)(box, fill=color)
    for i in range(0, width, 7):
        draw.line((i, 0, width - i, height - 1), fill=(255, 255, 255) if i % 2 else (0, 0, 0))
    pixels = np.asarray(image).copy()
    patch = pixels[height // 2:, width // 2:]
    patch[:] = rng.integers(0, 256, patch.shape)
    return Image.fromarray(pixels, "RGB").convert(mode)


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    index = []
    for seed, (name, width, height, mode, sizes) in enumerate(SOURCES, start=1):
        image = source(width, height, mode, seed)
        image.save(folder / name, optimize=True)
        pixels = torch.from_numpy(np.asarray(Image.open(folder / name).convert("RGB")).copy()).permute(2, 0, 1)[None]
        for size in sizes:
            tensor = f"{Path(name).stem}-{size}.f32"
            values = preprocess(pixels.double(), size).numpy().astype("<f4")
            (folder / tensor).write_bytes(values.tobytes())
            index.append({"file": name, "width": width, "height": height, "size": size, "tensor": tensor})
    (folder / "index.json").write_text(json.dumps(index, indent=1) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "references")
