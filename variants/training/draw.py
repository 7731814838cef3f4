"""Draws images of the ten CIFAR-10 classes from a seed: the demo's images, and a small share of the training images of the
shipped variants, because networks that were trained only on photographs misread drawings.

Seed ranges, never mixed: training 1,000,000 and up; validation 2,000,000 and up; the demo's images 3,000,000 and up;
draw_unknown.py 4,000,000 and up; tests 9,000,000 and up. An image's seed is `range + 1000 * class number + image number`,
with at most 1,000 images per class.

    python draw.py pictures [FOLDER] [--per-class 4] [--classes cat ship ...] [--seed N] [--size 320x240]
                                                 draws the demo's images, pictures/<class>/<class>-NN.jpg, or others
    python draw.py sheet FILE.png [--seed N]     draws a contact sheet to look at
"""
from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

import drawings
from canvas import Canvas
from data import CIFAR10, Images
from mistake import Mistake, run_cli

TRAINING, VALIDATION, DEMO, TESTS = 1_000_000, 2_000_000, 3_000_000, 9_000_000


def draw(name: str, seed: int, width: int = 320, height: int = 240) -> Image.Image:
    """Draws one image of a class; the same for the same class, seed and size."""
    rng = np.random.default_rng(seed)
    canvas = Canvas(width, height, rng)
    drawings.SUBJECTS[name](canvas, rng)
    return canvas.finish()


def seed_of(start: int, name: str, number: int) -> int:
    if name not in CIFAR10:
        raise Mistake(f"class {name}: cannot be drawn (a recipe's [drawn]); allowed are {', '.join(CIFAR10)}")
    if not 0 <= number < 1000:
        raise Mistake(f"picture number {number}: allowed are 0 to 999, so that seed ranges do not overlap")
    return start + 1000 * CIFAR10.index(name) + number


def pool(start: int, classes: list[str], per_class: int, side: int) -> Images:
    """Draws images at 320x240 and stretches them to side x side as a worker does, by number, then class. Every fifth training image
    is first reduced to 48x48, so that networks also learn small and blurred drawings."""
    pixels, labels = [], []
    for number in range(per_class):
        for label, name in enumerate(classes):
            image = draw(name, seed_of(start, name, number))
            if start == TRAINING and number % 5 == 0:
                image = image.resize((48, 48), Image.BILINEAR)
            pixels.append(np.asarray(image.resize((side, side), Image.BILINEAR)).transpose(2, 0, 1))
            labels.append(label)
    import torch

    return Images(torch.from_numpy(np.stack(pixels)), torch.tensor(labels), list(classes))


def images(classes: list[str], settings: dict) -> tuple[Images, Images]:
    """Draws the training and validation images of a recipe's [drawn] table: per_class, validation_per_class, side."""
    return (pool(TRAINING, classes, settings["per_class"], settings.get("side", 224)), validation_images(classes, settings))


def validation_images(classes: list[str], settings: dict) -> Images:
    return pool(VALIDATION, classes, settings["validation_per_class"], settings.get("side", 224))


def save(folder: Path, classes: list[str], seeds: range, size: tuple[int, int]) -> None:
    for name in classes:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(len(seeds)):
            picture = draw(name, seed_of(seeds.start, name, number), *size)
            picture.save(folder / name / f"{name}-{number + 1:02}.jpg", quality=90, optimize=True)


def sheet(seed: int, columns: int, width: int = 200, height: int = 150) -> Image.Image:
    result = Image.new("RGB", (columns * width, len(CIFAR10) * height))
    for row, name in enumerate(CIFAR10):
        for column in range(columns):
            result.paste(draw(name, seed_of(seed, name, column)).resize((width, height), Image.LANCZOS), (column * width, row * height))
    return result


def size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=("pictures", "sheet"))
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--per-class", type=int, default=4)
    parser.add_argument("--classes", nargs="+", choices=CIFAR10, default=CIFAR10)
    parser.add_argument("--seed", type=int, default=DEMO)
    parser.add_argument("--size", type=size, default="320x240", help="width x height of the images (default: %(default)s)")
    options = parser.parse_args()
    if options.what == "sheet" and not options.file:
        parser.error("sheet needs a FILE")
    if options.what == "pictures":
        folder = options.file or Path(__file__).resolve().parents[2] / "pictures"
        save(folder, options.classes, range(options.seed, options.seed + options.per_class), options.size)
    else:
        sheet(options.seed, max(6, options.per_class)).save(options.file)


if __name__ == "__main__":
    run_cli(main)
