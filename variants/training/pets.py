"""Cats and dogs, from the side and from the front."""
from __future__ import annotations

import numpy as np

from animals import BLACK, FUR, Build, coat_of, eye, place, quadruped
from canvas import Canvas, Color, hsv, shade


def face(canvas: Canvas, rng: np.random.Generator, coat: Color, cat: bool) -> None:
    """A head seen from the front, over a chest."""
    light = shade(coat, 1.55)
    inner = (225, 150, 150)
    canvas.blob([(-0.42, 0.8), (-0.4, 0.3), (0, 0.15), (0.4, 0.3), (0.42, 0.8)], shade(coat, 0.9))
    canvas.blob([(-0.2, 0.8), (-0.16, 0.35), (0.16, 0.35), (0.2, 0.8)], light)
    if cat:
        for s in (-1, 1):
            canvas.polygon([(0.46 * s, -0.12), (0.44 * s, -0.64), (0.08 * s, -0.36)], coat)
            canvas.polygon([(0.4 * s, -0.2), (0.39 * s, -0.52), (0.16 * s, -0.34)], inner)
        canvas.blob([(-0.5, 0.05), (-0.36, -0.32), (0, -0.42), (0.36, -0.32), (0.5, 0.05), (0.3, 0.33), (0, 0.38), (-0.3, 0.33)], coat)
        if rng.random() < 0.6:
            for dx in (-0.13, 0, 0.13):
                canvas.limb([(dx, -0.38), (dx * 0.7, -0.2)], (0.05, 0.02), shade(coat, 0.6))
            for s in (-1, 1):
                for y in (0.02, 0.12):
                    canvas.limb([(0.47 * s, y), (0.3 * s, y + 0.02)], (0.04, 0.015), shade(coat, 0.6))
    else:
        droop = rng.random() < 0.65
        ear = shade(coat, 0.65) if rng.random() < 0.6 else coat
        if not droop:
            for s in (-1, 1):
                canvas.polygon([(0.4 * s, -0.1), (0.46 * s, -0.62), (0.1 * s, -0.36)], ear)
        canvas.blob([(-0.43, 0.0), (-0.34, -0.34), (0, -0.44), (0.34, -0.34), (0.43, 0.0), (0.26, 0.36), (0, 0.46), (-0.26, 0.36)], coat)
        if rng.random() < 0.4:
            canvas.ellipse(0.18, -0.08, 0.15, 0.17, shade(coat, 0.6))
        if droop:
            for s in (-1, 1):
                canvas.blob([(0.26 * s, -0.38), (0.46 * s, -0.36), (0.6 * s, 0.02), (0.52 * s, 0.3), (0.4 * s, 0.1)], ear)
    if cat:
        iris = hsv(rng.uniform(45, 140) if rng.random() < 0.8 else 205, 0.6, 0.8)
        for s in (-1, 1):
            canvas.ellipse(0.2 * s, -0.03, 0.105, 0.09, iris, 10 * s)
            canvas.ellipse(0.2 * s, -0.03, 0.035, 0.08, BLACK)
            canvas.ellipse(0.2 * s + 0.03, -0.065, 0.02, 0.02, (250, 250, 250))
        for s in (-1, 1):
            canvas.ellipse(0.09 * s, 0.2, 0.12, 0.09, light)
        canvas.polygon([(-0.05, 0.1), (0.05, 0.1), (0, 0.16)], inner)
        whiskers = (250, 250, 250) if sum(coat) < 500 else (110, 100, 95)
        for s in (-1, 1):
            for dy in (-0.05, 0.02, 0.09):
                canvas.line([(0.12 * s, 0.19 + dy * 0.3), (0.62 * s, 0.16 + dy * 1.6)], 0.01, whiskers)
            canvas.line([(0, 0.16), (0.02 * s, 0.22), (0.09 * s, 0.24)], 0.014, BLACK)
    else:
        for s in (-1, 1):
            eye(canvas, 0.18 * s, -0.08, 0.062)
        canvas.blob([(-0.16, 0.0), (0, -0.1), (0.16, 0.0), (0.23, 0.24), (0, 0.38), (-0.23, 0.24)], light)
        if rng.random() < 0.55:
            canvas.blob([(-0.07, 0.28), (0.07, 0.28), (0.085, 0.46), (0, 0.52), (-0.085, 0.46)], (228, 110, 120))
        canvas.blob([(-0.1, 0.06), (0, 0.03), (0.1, 0.06), (0, 0.16)], BLACK)
        canvas.ellipse(-0.03, 0.065, 0.025, 0.014, (120, 115, 115))
        canvas.line([(0, 0.15), (0, 0.25)], 0.015, BLACK)
        for s in (-1, 1):
            canvas.line([(0, 0.25), (0.07 * s, 0.295), (0.15 * s, 0.265)], 0.016, BLACK)
        if rng.random() < 0.5:
            canvas.limb([(-0.3, 0.45), (0, 0.57), (0.3, 0.45)], (0.06, 0.06), hsv(rng.uniform(0, 360), 0.75, 0.75))


def scene(canvas: Canvas, rng: np.random.Generator, indoors: float) -> None:
    kind = rng.random()
    if kind < indoors:
        canvas.room()
    elif kind < indoors + 0.25:
        canvas.plain()
    else:
        canvas.meadow(rng.uniform(0.4, 0.65))


def cat(canvas: Canvas, rng: np.random.Generator) -> None:
    scene(canvas, rng, 0.5)
    coat = coat_of(rng, *FUR)
    stripe = shade(coat, 0.6) if sum(coat) > 150 else shade(coat, 1.25)
    kind = rng.choice(3, p=(0.4, 0.3, 0.3))
    if kind == 0:
        place(canvas, rng, 0.75, 1.05, (0.5, 0.56), 8)
        face(canvas, rng, coat, True)
        return
    place(canvas, rng, 0.8, 1.0, (0.5, 0.56))
    canvas.shadow(0.63, 0.6)
    striped = rng.random() < 0.6
    if kind == 1:  # sitting
        canvas.limb([(-0.3, 0.52), (-0.62, 0.5), (-0.68, 0.2), (-0.52, 0.02)], (0.12, 0.11, 0.1, 0.07), stripe if striped else coat)
        canvas.blob([(-0.4, 0.6), (-0.42, 0.25), (-0.2, -0.12), (0.08, -0.3), (0.24, -0.1), (0.22, 0.3), (0.24, 0.62)], coat)
        canvas.ellipse(-0.22, 0.42, 0.22, 0.21, shade(coat, 0.92))
        for x in (0.08, 0.2):
            canvas.limb([(x - 0.02, 0.05), (x, 0.6)], (0.14, 0.1), shade(coat, 1.05))
            canvas.ellipse(x + 0.03, 0.61, 0.08, 0.045, shade(coat, 1.4))
        if striped:
            for i in range(4):
                canvas.limb([(-0.36 + 0.09 * i, 0.1 - 0.11 * i), (-0.2 + 0.08 * i, 0.14 - 0.09 * i)], (0.05, 0.02), stripe)
        x, y = 0.16, -0.32
    else:  # walking, tail up
        canvas.limb([(-0.48, 0.08), (-0.68, -0.1), (-0.66, -0.4), (-0.56, -0.52)], (0.1, 0.09, 0.08, 0.06), stripe if striped else coat)
        x, y = quadruped(canvas, rng, Build(0.32, 0.46, 0.17, 0.2, 40, 0.13, (0.22, 0.2)), coat, shade(coat, 1.4), shade(coat, 1.4) if rng.random() < 0.4 else coat)
        if striped:
            for dx in np.arange(-0.36, 0.4, 0.12):
                canvas.limb([(dx, -0.02), (dx + 0.02, 0.15)], (0.045, 0.015), stripe)
    for s in (-1, 1):
        canvas.polygon([(x + 0.2 * s, y - 0.05), (x + 0.19 * s, y - 0.32), (x + 0.02 * s, y - 0.16)], coat)
        canvas.polygon([(x + 0.17 * s, y - 0.1), (x + 0.165 * s, y - 0.25), (x + 0.06 * s, y - 0.15)], (222, 150, 150))
    canvas.ellipse(x, y, 0.23, 0.19, coat)
    if striped:
        for dx in (-0.06, 0, 0.06):
            canvas.limb([(x + dx, y - 0.18), (x + dx * 0.8, y - 0.09)], (0.03, 0.012), stripe)
    iris = hsv(rng.uniform(50, 130), 0.65, 0.8)
    for s in (-1, 1):
        canvas.ellipse(x + 0.09 * s, y - 0.01, 0.045, 0.042, iris)
        canvas.ellipse(x + 0.09 * s, y - 0.01, 0.016, 0.038, BLACK)
        canvas.ellipse(x + 0.04 * s, y + 0.09, 0.055, 0.042, shade(coat, 1.55))
        for dy in (-0.02, 0.03):
            canvas.line([(x + 0.06 * s, y + 0.09), (x + 0.3 * s, y + 0.08 + dy * 2)], 0.007, (235, 235, 235) if sum(coat) < 500 else (110, 100, 95))
    canvas.polygon([(x - 0.025, y + 0.045), (x + 0.025, y + 0.045), (x, y + 0.075)], (215, 130, 135))


def dog(canvas: Canvas, rng: np.random.Generator) -> None:
    scene(canvas, rng, 0.3)
    coat = coat_of(rng, *FUR)
    other = shade(coat, 0.6) if sum(coat) > 250 else shade(coat, 1.5)
    kind = rng.choice(3, p=(0.4, 0.42, 0.18))
    if kind == 0:
        place(canvas, rng, 0.75, 1.02, (0.46, 0.54), 8)
        face(canvas, rng, coat, False)
        return
    place(canvas, rng, 0.8, 1.0, (0.5, 0.56))
    canvas.shadow(0.63, 0.65)
    if kind == 1:  # standing
        canvas.limb([(-0.5, 0.02), (-0.68, -0.14), (-0.7, -0.32)], (0.1, 0.08, 0.05), coat)
        build = Build(rng.uniform(0.3, 0.46), 0.48, 0.18, 0.3, rng.uniform(42, 62), 0.14, (0.26, 0.2))
        x, y = quadruped(canvas, rng, build, coat, shade(coat, 1.35), shade(coat, 1.4) if rng.random() < 0.4 else coat)
        if rng.random() < 0.4:
            canvas.ellipse(-0.12, 0.62 - build.leg - 0.24, 0.2, 0.11, other)
    else:  # sitting
        canvas.limb([(-0.36, 0.56), (-0.6, 0.5), (-0.72, 0.34)], (0.1, 0.08, 0.05), coat)
        canvas.blob([(-0.44, 0.6), (-0.44, 0.3), (-0.16, -0.1), (0.1, -0.3), (0.28, -0.1), (0.26, 0.3), (0.1, 0.6)], coat)
        canvas.ellipse(-0.22, 0.42, 0.23, 0.21, shade(coat, 0.9))
        canvas.blob([(0.12, -0.15), (0.26, -0.05), (0.24, 0.25), (0.14, 0.2)], shade(coat, 1.45))
        for dx in (0.1, 0.22):
            canvas.limb([(dx - 0.02, 0.05), (dx, 0.6)], (0.15, 0.1), shade(coat, 1.03))
            canvas.limb([(dx, 0.61), (dx + 0.08, 0.61)], (0.08, 0.08), shade(coat, 1.03))
        x, y = 0.16, -0.34
    if rng.random() < 0.5:
        canvas.limb([(x - 0.16, y + 0.16), (x + 0.06, y + 0.2)], (0.055, 0.055), hsv(rng.uniform(0, 360), 0.8, 0.75))
    canvas.limb([(x + 0.05, y + 0.05), (x + 0.31, y + 0.09)], (0.2, 0.13), shade(coat, 1.12))
    if rng.random() < 0.4:
        canvas.limb([(x + 0.24, y + 0.14), (x + 0.25, y + 0.26)], (0.06, 0.07), (228, 110, 120))
    canvas.ellipse(x, y, 0.2, 0.18, coat)
    canvas.ellipse(x + 0.35, y + 0.05, 0.045, 0.038, BLACK)
    canvas.line([(x + 0.34, y + 0.13), (x + 0.18, y + 0.15)], 0.013, shade(coat, 0.4))
    if rng.random() < 0.6:
        canvas.blob([(x - 0.12, y - 0.16), (x - 0.01, y - 0.14), (x + 0.0, y + 0.12), (x - 0.08, y + 0.24), (x - 0.17, y + 0.08)], other)
    else:
        canvas.polygon([(x - 0.18, y - 0.05), (x - 0.13, y - 0.36), (x + 0.02, y - 0.13)], other)
    eye(canvas, x + 0.09, y - 0.04, 0.03)
