"""Draws images of none of the ten CIFAR-10 classes from a seed, for `chorale evaluate --unknown`.

Five families, with a folder each: plain colors, noise, screenshots, pages of text, and drawings of other things. Seeds
are 4,000,000 and up, separate from those of draw.py. No network is trained on these images.

    python draw_unknown.py [FOLDER] [--per-family 40] [--seed N] [--size 160x120]     draws unknown/<family>/NN.jpg
"""
from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

import things
from canvas import Canvas, Color, hsv, shade

SEED = 4_000_000
WORDS = ("the of and a to in is that for on with as by this at from are be was which or an one all were can will there"
         " system window result value network message board answer time report table image class number open file edit view"
         " search settings account total price order date page chapter section figure summary").split()


def plain(canvas: Canvas, rng: np.random.Generator) -> Image.Image:
    """One color, a gradient, or a few stripes."""
    kind = rng.integers(3)
    first = hsv(rng.uniform(0, 360), rng.uniform(0, 1), rng.uniform(0.1, 1))
    if kind == 2:
        second, stripes = hsv(rng.uniform(0, 360), rng.uniform(0, 1), rng.uniform(0.1, 1)), int(rng.integers(2, 7))
        for i in range(stripes):
            canvas.gradient(*[first if i % 2 else second] * 2, i / stripes, (i + 1) / stripes)
    else:
        canvas.gradient(first, first if kind == 0 else hsv(rng.uniform(0, 360), rng.uniform(0, 1), rng.uniform(0.1, 1)))
    turned = canvas.finish()
    return turned.transpose(Image.ROTATE_90).resize(turned.size) if rng.random() < 0.5 else turned


def noise(canvas: Canvas, rng: np.random.Generator) -> Image.Image:
    """Random pixels, gray or colored, fine or in blocks, sharp or blurred."""
    width, height = canvas.size
    block = int(rng.choice((2, 3, 4, 8, 16, 30)))
    channels = 1 if rng.random() < 0.3 else 3
    middle, spread = rng.uniform(60, 195, channels), rng.uniform(25, 90)
    pixels = np.clip(rng.normal(middle, spread, (-(-height // block), -(-width // block), channels)), 0, 255).astype(np.uint8)
    image = Image.fromarray(np.repeat(pixels, 3 // channels, 2), "RGB").resize((width, height), Image.NEAREST if rng.random() < 0.5 else Image.BICUBIC)
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 3))) if rng.random() < 0.4 else image


class Print:
    """A painter of boxes and lines of words. Coordinates are shares of the image's sides."""

    def __init__(self, canvas: Canvas, rng: np.random.Generator, paper: Color):
        self.rng, (self.width, self.height) = rng, canvas.size
        self.image = Image.new("RGB", canvas.size, paper)
        self.pen = ImageDraw.Draw(self.image)
        self.font = ImageFont.load_default()

    def box(self, left: float, top: float, right: float, bottom: float, fill: Color) -> None:
        self.pen.rectangle((left * self.width, top * self.height, right * self.width - 1, bottom * self.height - 1), fill=fill)

    def line(self, left: float, top: float, right: float, tall: float, ink: Color) -> None:
        """Draws a line of random words of this height."""
        width, height = max(1, round((right - left) * self.width)), max(2, round(tall * self.height))
        text = " ".join(self.rng.choice(WORDS, 12))
        mask = Image.new("L", (round(width * 11 / height), 11))
        ImageDraw.Draw(mask).text((0, 0), text.capitalize(), fill=255, font=self.font)
        self.image.paste(ink, (round(left * self.width), round(top * self.height)), mask.resize((width, height), Image.BILINEAR))

    def lines(self, left: float, top: float, right: float, bottom: float, tall: float, ink: Color) -> None:
        for y in np.arange(top, bottom - tall, tall * 1.35):
            self.line(left, y, left + (right - left) * (self.rng.uniform(0.3, 1) if self.rng.random() < 0.25 else 1), tall, ink)


def screenshot(canvas: Canvas, rng: np.random.Generator) -> Image.Image:
    """A window with a title, a menu, a side bar and content: text, a table, a chart or tiles."""
    dark = rng.random() < 0.4
    paper, ink = ((35, 37, 43), (215, 218, 224)) if dark else ((248, 248, 250), (40, 42, 48))
    accent = hsv(rng.uniform(0, 360), rng.uniform(0.5, 0.9), rng.uniform(0.5, 0.9))
    page = Print(canvas, rng, paper)
    page.box(0, 0, 1, 0.08, accent if rng.random() < 0.5 else shade(paper, 0.8))
    page.line(0.03, 0.01, 0.4, 0.065, ink)
    for i, color in enumerate(((236, 95, 86), (245, 190, 65), (98, 196, 85))):
        page.box(0.97 - 0.05 * i, 0.025, 1 - 0.05 * i, 0.06, color)
    side = rng.uniform(0.15, 0.3) if rng.random() < 0.7 else 0.0
    if side:
        page.box(0, 0.08, side, 1, shade(paper, 0.9))
        for y in np.arange(0.13, 0.9, 0.1):
            page.line(0.02, y, side - 0.02, 0.06, accent if rng.random() < 0.2 else ink)
    left, kind = side + 0.04, rng.integers(4)
    if kind == 0:
        page.lines(left, 0.13, 0.96, 0.96, 0.06, ink)
    elif kind == 1:
        for row, y in enumerate(np.arange(0.14, 0.92, 0.09)):
            page.box(left, y, 0.97, y + 0.085, accent if row == 0 else shade(paper, 0.93 if row % 2 else 1.0))
            for x in np.linspace(left, 0.97, 5)[:-1]:
                page.line(x + 0.01, y + 0.01, x + 0.13, 0.06, ink)
    elif kind == 2:
        page.line(left, 0.12, 0.8, 0.07, ink)
        for x in np.linspace(left, 0.9, int(rng.integers(5, 12))):
            page.box(x, 0.9 - rng.uniform(0.1, 0.65), x + 0.04, 0.9, accent)
        page.box(left, 0.9, 0.97, 0.91, ink)
    else:
        for y in np.arange(0.14, 0.8, 0.29):
            for x in np.linspace(left, 0.97, 4)[:-1]:
                page.box(x, y, x + (0.93 - left) / 3.4, y + 0.2, hsv(rng.uniform(0, 360), 0.4, 0.8))
                page.line(x, y + 0.21, x + (0.93 - left) / 3.4, 0.05, ink)
    return page.image


def text(canvas: Canvas, rng: np.random.Generator) -> Image.Image:
    """A page with a heading, one or two columns and sometimes a gray figure; flat, or rotated on a table."""
    paper, ink = hsv(rng.uniform(30, 60), rng.uniform(0, 0.15), rng.uniform(0.85, 1)), shade((255, 255, 255), rng.uniform(0.05, 0.35))
    page = Print(canvas, rng, paper)
    tall = rng.uniform(0.04, 0.085)
    page.line(0.08, 0.06, rng.uniform(0.5, 0.92), tall * 1.6, ink)
    for left, right in ((0.08, 0.92),) if rng.random() < 0.6 else ((0.08, 0.48), (0.53, 0.92)):
        page.lines(left, 0.1 + tall * 1.8, right, 0.95, tall, ink)
    if rng.random() < 0.25:
        page.box(0.55, 0.4, 0.92, 0.7, shade((255, 255, 255), rng.uniform(0.5, 0.8)))
    if rng.random() < 0.4:
        table = Image.new("RGB", canvas.size, hsv(rng.uniform(0, 360), rng.uniform(0, 0.5), rng.uniform(0.2, 0.7)))
        mask = Image.new("L", canvas.size, 255).resize([round(0.8 * side) for side in canvas.size])
        turn = rng.uniform(-25, 25)
        small = page.image.resize(mask.size, Image.LANCZOS).rotate(turn, Image.BICUBIC, expand=True)
        mask = mask.rotate(turn, Image.BICUBIC, expand=True)
        table.paste(small, ((canvas.size[0] - small.size[0]) // 2, (canvas.size[1] - small.size[1]) // 2), mask)
        return table
    return page.image


def thing(canvas: Canvas, rng: np.random.Generator) -> Image.Image:
    list(things.SUBJECTS.values())[rng.integers(len(things.SUBJECTS))](canvas, rng)
    return canvas.finish()


FAMILIES = {"plain": plain, "noise": noise, "screenshots": screenshot, "text": text, "things": thing}


def draw(family: str, seed: int, width: int = 160, height: int = 120) -> Image.Image:
    """Draws one image of a family; the same for the same family, seed and size."""
    rng = np.random.default_rng(seed)
    return FAMILIES[family](Canvas(width, height, rng), rng)


def save(folder: Path, per_family: int, seed: int, size: tuple[int, int]) -> None:
    for number, family in enumerate(FAMILIES):
        (folder / family).mkdir(parents=True, exist_ok=True)
        for i in range(per_family):
            draw(family, seed + 1000 * number + i, *size).save(folder / family / f"{i + 1:02}.jpg", quality=85, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent / "unknown")
    parser.add_argument("--per-family", type=int, default=40, choices=range(1, 1001), metavar="N")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--size", type=lambda given: tuple(map(int, given.split("x"))), default="160x120", help="width x height of the images (default: %(default)s)")
    options = parser.parse_args()
    save(options.folder, options.per_family, options.seed, options.size)


if __name__ == "__main__":
    main()
