"""Drawings of things outside the ten CIFAR-10 classes, for draw_unknown.py. Each function paints a whole image on a canvas. The
generator determines every choice."""
from __future__ import annotations

import numpy as np

from canvas import Canvas, hsv, shade
from drawings import GLASS, paint, place


def outdoors(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.meadow(rng.uniform(0.5, 0.7)) if rng.random() < 0.7 else canvas.road(rng.uniform(0.5, 0.66))


def indoors(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.room() if rng.random() < 0.6 else canvas.plain()


def house(canvas: Canvas, rng: np.random.Generator) -> None:
    outdoors(canvas, rng)
    wall, roof = hsv(rng.uniform(0, 60), rng.uniform(0.05, 0.5), rng.uniform(0.6, 0.95)), hsv(rng.uniform(0, 30), 0.6, rng.uniform(0.3, 0.7))
    place(canvas, rng, 0.7, 1.0, (0.5, 0.6))
    canvas.box(-0.6, -0.1, 0.6, 0.6, wall)
    canvas.polygon([(-0.72, -0.1), (0, -0.65), (0.72, -0.1)], roof)
    canvas.box(0.28, -0.6, 0.42, -0.25, shade(roof, 0.7))
    canvas.box(-0.12, 0.2, 0.12, 0.6, shade(roof, 0.6))
    for x in (-0.42, 0.28):
        canvas.box(x, 0.05, x + 0.22, 0.28, GLASS)
        canvas.line([(x + 0.11, 0.05), (x + 0.11, 0.28)], 0.02, (245, 245, 245))


def flower(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.meadow(rng.uniform(0.3, 0.5)) if rng.random() < 0.5 else canvas.plain()
    petal, green = hsv(rng.uniform(0, 360), rng.uniform(0.4, 0.9), rng.uniform(0.7, 1)), hsv(rng.uniform(90, 130), 0.6, 0.5)
    place(canvas, rng, 0.7, 1.0, (0.45, 0.55), 10)
    canvas.limb([(0, -0.2), (0.05, 0.3), (0, 0.8)], (0.05, 0.06), green)
    canvas.ellipse(0.18, 0.4, 0.18, 0.07, green, -30)
    for angle in np.linspace(0, 360, int(rng.integers(5, 11)), endpoint=False):
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        canvas.ellipse(0.24 * cos, -0.25 + 0.24 * sin, 0.2, 0.1, petal, angle)
    canvas.ellipse(0, -0.25, 0.13, 0.13, hsv(rng.uniform(35, 55), 0.8, 0.9))


def tree(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.meadow(rng.uniform(0.55, 0.75))
    place(canvas, rng, 0.8, 1.1, (0.48, 0.55))
    canvas.limb([(0, 0.7), (0.02, 0.2), (0, -0.2)], (0.2, 0.12), hsv(28, 0.5, rng.uniform(0.25, 0.45)))
    green = hsv(rng.uniform(40, 130), rng.uniform(0.4, 0.7), rng.uniform(0.35, 0.65))
    for _ in range(14):
        canvas.ellipse(rng.uniform(-0.4, 0.4), rng.uniform(-0.6, -0.05), rng.uniform(0.12, 0.25), rng.uniform(0.1, 0.2), shade(green, rng.uniform(0.8, 1.2)))


def cup(canvas: Canvas, rng: np.random.Generator) -> None:
    indoors(canvas, rng)
    color = paint(rng)
    place(canvas, rng, 0.5, 0.85, (0.5, 0.6))
    canvas.shadow(0.52, 0.6)
    canvas.ellipse(0.45, 0.1, 0.22, 0.26, shade(color, 0.85))
    canvas.ellipse(0.45, 0.1, 0.13, 0.17, shade(color, 0.4))
    canvas.polygon([(-0.45, -0.35), (0.45, -0.35), (0.36, 0.5), (-0.36, 0.5)], color)
    canvas.ellipse(0, 0.5, 0.36, 0.08, color)
    canvas.ellipse(0, -0.35, 0.45, 0.1, shade(color, 1.3))
    canvas.ellipse(0, -0.34, 0.4, 0.08, hsv(25, 0.7, rng.uniform(0.2, 0.5)))


def chair(canvas: Canvas, rng: np.random.Generator) -> None:
    indoors(canvas, rng)
    wood = hsv(rng.uniform(15, 40), rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.75))
    place(canvas, rng, 0.7, 1.0, (0.5, 0.58))
    canvas.shadow(0.66, 0.5)
    for x, top, bottom in ((-0.3, -0.65, 0.65), (0.22, -0.62, 0.6), (-0.12, 0.1, 0.55), (0.38, 0.1, 0.66)):
        canvas.box(x - 0.035, top, x + 0.035, bottom, shade(wood, rng.uniform(0.7, 1)))
    for y in (-0.6, -0.4, -0.2):
        canvas.box(-0.3, y, 0.22, y + 0.09, wood)
    canvas.polygon([(-0.34, 0.02), (0.26, 0.0), (0.44, 0.14), (-0.2, 0.18)], paint(rng) if rng.random() < 0.5 else shade(wood, 1.2))


def fruit(canvas: Canvas, rng: np.random.Generator) -> None:
    indoors(canvas, rng)
    for _ in range(int(rng.integers(1, 4))):
        color = hsv(rng.uniform(-20, 110), rng.uniform(0.6, 0.95), rng.uniform(0.6, 0.95))
        canvas.place(rng.uniform(0.25, 0.75), rng.uniform(0.45, 0.7), rng.uniform(0.35, 0.8))
        canvas.shadow(0.48, 0.45)
        canvas.ellipse(-0.14, 0.05, 0.34, 0.42, color)
        canvas.ellipse(0.14, 0.05, 0.34, 0.42, color)
        canvas.ellipse(-0.2, -0.12, 0.1, 0.14, shade(color, 1.4))
        canvas.limb([(0, -0.3), (0.03, -0.42), (0.08, -0.52)], (0.05, 0.03), hsv(28, 0.5, 0.3))
        canvas.ellipse(0.2, -0.45, 0.14, 0.06, hsv(100, 0.6, 0.5), -20)


def umbrella(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.road(rng.uniform(0.55, 0.7)) if rng.random() < 0.5 else canvas.plain()
    color = paint(rng)
    place(canvas, rng, 0.7, 1.0, (0.48, 0.55), 20)
    canvas.limb([(0, -0.5), (0, 0.2), (0, 0.55)], (0.04, 0.04), (60, 50, 45))
    canvas.limb([(0, 0.55), (0.06, 0.66), (0.14, 0.58)], (0.05, 0.05), (60, 50, 45))
    for i in range(6):
        left, right = -0.75 + 0.25 * i, -0.5 + 0.25 * i
        canvas.blob([(0, -0.55), (left * 0.75, -0.4), (left, 0.0), ((left + right) / 2, -0.07), (right, 0.0), (right * 0.75, -0.4)], color if i % 2 else shade(color, 0.75))


def lamp(canvas: Canvas, rng: np.random.Generator) -> None:
    indoors(canvas, rng)
    color = paint(rng)
    place(canvas, rng, 0.7, 1.0, (0.5, 0.55))
    canvas.shadow(0.66, 0.4)
    canvas.ellipse(0, 0.62, 0.3, 0.07, shade(color, 0.6))
    canvas.limb([(0, 0.6), (0, 0.2), (0, -0.2)], (0.08, 0.05), shade(color, 0.7))
    canvas.polygon([(-0.22, -0.65), (0.22, -0.65), (0.45, -0.1), (-0.45, -0.1)], color)
    canvas.ellipse(0, -0.1, 0.45, 0.07, hsv(50, 0.3, 1.0))


SUBJECTS = {each.__name__: each for each in (house, flower, tree, cup, chair, fruit, umbrella, lamp)}
