"""Horses, deer, birds and frogs, and the parts shared with the cats and dogs of pets.py: horses, deer, cats and dogs use one side
view (`quadruped`) with different measures."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from canvas import Canvas, Color, hsv, shade, smooth

BLACK = (25, 22, 22)


def place(canvas: Canvas, rng: np.random.Generator, low: float, high: float, y: tuple[float, float], tilt: float = 3) -> None:
    canvas.place(rng.uniform(0.42, 0.58), rng.uniform(*y), rng.uniform(low, high), rng.uniform(-tilt, tilt), rng.random() < 0.5)


@dataclass(frozen=True)
class Build:
    """The measures of a quadruped, in the subject's coordinates."""

    leg: float  # length below the body
    body: float  # half length
    deep: float  # half depth
    neck: float  # length
    lean: float  # neck's direction, degrees from level
    thick: float  # of a leg at its top
    neck_wide: tuple[float, float]


def quadruped(canvas: Canvas, rng: np.random.Generator, build: Build, coat: Color, belly: Color, socks: Color) -> tuple[float, float]:
    """Draws legs, body and neck, facing right; returns the position of the head."""
    b, ground = build, 0.62
    back = ground - b.leg - b.deep  # the body's middle line
    gait = rng.uniform(-1, 1) * 0.16
    for x, far, swing in ((b.body * 0.72, True, -gait), (-b.body * 0.8, True, gait), (b.body * 0.82, False, gait), (-b.body * 0.7, False, -gait)):
        color = shade(coat, 0.72 if far else 0.95)
        hip, foot = (x, back + b.deep * 0.4), (x + swing, ground)
        bend = 0.05 if x < 0 else -0.02
        knee = ((hip[0] + foot[0]) / 2 - bend, (hip[1] + foot[1]) / 2 + 0.02)
        canvas.limb([hip, knee, foot], (b.thick, b.thick * 0.6, b.thick * 0.45), color)
        canvas.limb([(foot[0] * 0.75 + knee[0] * 0.25, foot[1] * 0.75 + knee[1] * 0.25), foot], (b.thick * 0.46, b.thick * 0.46), socks)
        canvas.limb([(foot[0] - 0.01, ground), (foot[0] + b.thick * 0.3, ground)], (b.thick * 0.45, b.thick * 0.4), shade(socks, 0.7))
    angle = np.radians(b.lean)
    shoulder = (b.body * 0.78, back - b.deep * 0.25)
    head = (shoulder[0] + b.neck * np.cos(angle), shoulder[1] - b.neck * np.sin(angle))
    canvas.blob([(-b.body * 1.05, back - b.deep * 0.3), (-b.body * 0.75, back - b.deep), (0, back - b.deep * 0.85), (b.body * 0.75, back - b.deep * 0.95),
                 (b.body * 1.08, back), (b.body * 0.75, back + b.deep), (0, back + b.deep * 0.8), (-b.body * 0.7, back + b.deep * 0.85), (-b.body * 1.08, back + b.deep * 0.3)], coat)
    canvas.blob([(-b.body * 0.7, back + b.deep * 0.6), (0, back + b.deep * 0.45), (b.body * 0.7, back + b.deep * 0.65), (0, back + b.deep * 0.85)], belly)
    canvas.limb([(shoulder[0] - b.neck_wide[0] * 0.3, back), shoulder, head], b.neck_wide if len(b.neck_wide) == 3 else (b.neck_wide[0], b.neck_wide[0], b.neck_wide[1]), coat)
    return head


def eye(canvas: Canvas, x: float, y: float, r: float) -> None:
    canvas.ellipse(x, y, r, r, BLACK)
    canvas.ellipse(x + r * 0.3, y - r * 0.35, r * 0.3, r * 0.3, (245, 245, 245))


def coat_of(rng: np.random.Generator, *hues: tuple[float, float, float]) -> Color:
    h, s, v = hues[rng.integers(len(hues))]
    return hsv(h + rng.uniform(-6, 6), s + rng.uniform(-0.07, 0.07), v + rng.uniform(-0.08, 0.08))


FUR = ((28, 0.65, 0.8), (28, 0.5, 0.5), (30, 0.1, 0.55), (0, 0.03, 0.2), (35, 0.08, 0.93), (32, 0.4, 0.85))


def horse(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.meadow(rng.uniform(0.45, 0.68))
    coat = coat_of(rng, (22, 0.65, 0.5), (20, 0.6, 0.36), (28, 0.55, 0.65), (25, 0.1, 0.25), (35, 0.05, 0.9), (30, 0.08, 0.65))
    mane = shade(coat, 0.4) if rng.random() < 0.7 else (235, 222, 190)
    place(canvas, rng, 0.75, 1.0, (0.5, 0.56))
    canvas.shadow(0.63, 0.7)
    lean = rng.uniform(38, 62) if rng.random() < 0.8 else -22
    canvas.limb([(-0.55, -0.12), (-0.74, 0.05), (-0.7, 0.42)], (0.08, 0.15, 0.05), mane)
    x, y = quadruped(canvas, rng, Build(0.55, 0.56, 0.2, 0.42, lean, 0.15, (0.3, 0.16)), coat, shade(coat, 0.85), (238, 234, 228) if rng.random() < 0.3 else shade(coat, 0.6))
    for t in np.linspace(0.05, 1, 12):  # mane along the neck
        mx, my = 0.36 + (x - 0.06 - 0.36) * t, -0.2 + (y - 0.08 + 0.2) * t
        canvas.ellipse(mx, my, 0.055, 0.08, mane, 20)
    nose = (x + 0.22, y + 0.2) if lean > 0 else (x + 0.08, y + 0.22)
    canvas.limb([(x - 0.02, y - 0.02), nose], (0.19, 0.115), coat)
    canvas.ellipse(nose[0] + 0.01, nose[1] + 0.01, 0.06, 0.055, shade(coat, 0.6))
    canvas.polygon([(x - 0.06, y - 0.06), (x - 0.04, y - 0.23), (x + 0.04, y - 0.07)], coat)
    canvas.polygon([(x - 0.1, y - 0.05), (x - 0.1, y - 0.2), (x - 0.02, y - 0.08)], shade(coat, 0.75))
    canvas.limb([(x, y - 0.09), (x + 0.06, y + 0.02)], (0.06, 0.03), mane)
    if rng.random() < 0.4:
        canvas.limb([(x + 0.09, y + 0.03), (nose[0] + 0.02, nose[1] - 0.06)], (0.04, 0.03), (245, 242, 238))
    eye(canvas, x + 0.05, y + 0.02, 0.022)
    if rng.random() < 0.25:
        canvas.blob([(-0.15, -0.16), (0.15, -0.17), (0.12, -0.02), (-0.12, -0.02)], hsv(rng.uniform(0, 40), 0.7, 0.4))


def deer(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.forest() if rng.random() < 0.55 else canvas.meadow(rng.uniform(0.45, 0.65))
    coat = coat_of(rng, (26, 0.6, 0.62), (24, 0.5, 0.5), (30, 0.55, 0.72))
    light = (236, 222, 200)
    place(canvas, rng, 0.75, 1.0, (0.53, 0.6))
    canvas.shadow(0.63, 0.55)
    canvas.limb([(-0.5, -0.12), (-0.6, -0.08)], (0.1, 0.07), light)
    lean = rng.uniform(58, 80)
    x, y = quadruped(canvas, rng, Build(0.58, 0.46, 0.16, 0.4, lean, 0.11, (0.2, 0.11)), coat, light, shade(coat, 0.75))
    if rng.random() < 0.4:
        for _ in range(16):
            canvas.ellipse(rng.uniform(-0.42, 0.3), rng.uniform(-0.23, -0.05), 0.016, 0.014, light)
    if rng.random() < 0.65:  # antlers
        horn = hsv(32, 0.4, rng.uniform(0.45, 0.75))
        for side in (-1, 0.55):
            tip = (x + 0.22 * side - 0.02, y - rng.uniform(0.4, 0.48))
            middle = (x + 0.24 * side, y - 0.25)
            canvas.limb([(x - 0.01, y - 0.06), middle, tip], (0.04, 0.033, 0.02), horn)
            for t, reach in ((0.35, 0.1), (0.65, 0.13), (0.9, 0.08)):
                px, py = x + (middle[0] - x) * min(1, t * 1.5), y - 0.08 - 0.32 * t
                canvas.limb([(px, py), (px + reach * (1 if side > 0 else -0.6) + 0.04, py - 0.11)], (0.03, 0.015), horn)
    canvas.blob([(x - 0.04, y - 0.03), (x - 0.2, y - 0.12), (x - 0.1, y + 0.0)], shade(coat, 0.85))
    canvas.blob([(x + 0.0, y - 0.05), (x - 0.06, y - 0.2), (x + 0.05, y - 0.08)], coat)
    canvas.limb([(x, y), (x + 0.2, y + 0.1)], (0.16, 0.075), coat)
    canvas.limb([(x + 0.1, y + 0.08), (x + 0.2, y + 0.115)], (0.06, 0.05), light)
    canvas.ellipse(x + 0.23, y + 0.095, 0.028, 0.025, BLACK)
    eye(canvas, x + 0.05, y - 0.005, 0.024)


def bird(canvas: Canvas, rng: np.random.Generator) -> None:
    kind = rng.choice(3, p=(0.5, 0.25, 0.25))
    coat = hsv(rng.uniform(0, 360), rng.uniform(0.4, 0.85), rng.uniform(0.45, 0.9)) if rng.random() < 0.6 else coat_of(rng, (28, 0.45, 0.5), (30, 0.1, 0.4), (0, 0, 0.2), (40, 0.06, 0.9))
    chest = hsv(rng.uniform(10, 50), rng.uniform(0.1, 0.7), 0.92)
    beak = hsv(rng.uniform(25, 48), 0.85, rng.uniform(0.7, 0.95))
    wing = shade(coat, 0.68)
    if kind == 1:  # in flight
        canvas.sky()
        place(canvas, rng, 0.65, 1.0, (0.42, 0.58), 20)
        up = rng.uniform(-0.62, -0.3) if rng.random() < 0.65 else rng.uniform(0.3, 0.5)
        canvas.blob([(0.16, -0.04), (0.1, up * 0.8), (-0.25, up * 1.2), (-0.62, up * 1.15), (-0.4, up * 0.55), (-0.2, 0.0)], shade(wing, 0.85))
        canvas.polygon([(-0.35, -0.03), (-0.85, -0.14), (-0.88, 0.02), (-0.8, 0.12), (-0.35, 0.06)], wing)
        canvas.blob([(0.5, -0.06), (0.3, -0.15), (-0.1, -0.13), (-0.5, -0.02), (-0.3, 0.1), (0.1, 0.14), (0.36, 0.08)], coat)
        canvas.blob([(0.4, 0.02), (0.1, 0.06), (-0.3, 0.06), (0.1, 0.13), (0.34, 0.08)], chest)
        canvas.polygon([(0.6, -0.1), (0.8, -0.03), (0.6, 0.01)], beak)
        canvas.ellipse(0.5, -0.07, 0.14, 0.12, coat)
        canvas.blob([(0.22, -0.02), (0.3, up), (0.05, up * 1.45), (-0.35, up * 1.6), (-0.2, up * 0.8), (-0.16, 0.02)], wing)
        for t in (0.2, 0.45, 0.7):
            canvas.line([(0.1 - 0.3 * t, up * 0.3), (0.05 - 0.5 * t, up * 1.3)], 0.012, shade(wing, 0.75))
        eye(canvas, 0.54, -0.1, 0.026)
        return
    if kind == 2:  # a wader or hen on the ground, with long legs and neck
        canvas.meadow(rng.uniform(0.4, 0.65)) if rng.random() < 0.6 else canvas.sea(rng.uniform(0.35, 0.5))
        place(canvas, rng, 0.8, 1.0, (0.5, 0.56))
        neck = rng.uniform(0.25, 0.5)
        for x in (-0.06, 0.08):
            canvas.limb([(x, 0.2), (x - 0.03, 0.42), (x, 0.66)], (0.05, 0.03, 0.03), beak)
            canvas.limb([(x - 0.03, 0.67), (x + 0.1, 0.67)], (0.03, 0.02), beak)
        canvas.polygon([(-0.3, 0.02), (-0.75, -0.08), (-0.72, 0.1), (-0.3, 0.18)], wing)
        canvas.limb([(0.2, 0.05), (0.4, -0.12), (0.34, -0.12 - neck)], (0.24, 0.14, 0.1), coat)
        canvas.blob([(0.36, 0.0), (0.1, -0.16), (-0.3, -0.1), (-0.48, 0.06), (-0.2, 0.24), (0.16, 0.26)], coat)
        canvas.blob([(0.16, -0.06), (-0.15, -0.08), (-0.52, 0.08), (-0.15, 0.18), (0.12, 0.12)], wing)
        y = -0.14 - neck
        canvas.polygon([(0.42, y - 0.04), (0.42 + rng.uniform(0.15, 0.35), y + 0.05), (0.42, y + 0.05)], beak)
        canvas.ellipse(0.37, y, 0.12, 0.1, coat)
        eye(canvas, 0.41, y - 0.02, 0.024)
        return
    if rng.random() < 0.5:  # perched
        canvas.forest()
    else:
        canvas.sky() if rng.random() < 0.5 else canvas.plain()
    place(canvas, rng, 0.75, 1.05, (0.46, 0.54), 8)
    bark = hsv(28, 0.45, rng.uniform(0.3, 0.5))
    canvas.limb([(-1.4, 0.6), (-0.4, 0.5), (0.4, 0.52), (1.4, 0.4)], (0.12, 0.1, 0.09, 0.05), bark)
    for _ in range(5):
        x = rng.uniform(-1.1, 1.1)
        canvas.ellipse(x, 0.5 + rng.uniform(-0.16, 0.2), 0.13, 0.055, hsv(rng.uniform(80, 130), 0.6, rng.uniform(0.4, 0.7)), rng.uniform(-60, 60))
    canvas.polygon([(-0.3, 0.15), (-0.85, 0.52), (-0.72, 0.62), (-0.2, 0.34)], shade(wing, 0.85))
    for x in (0.0, 0.14):
        canvas.line([(x, 0.3), (x, 0.5)], 0.03, beak)
    canvas.blob([(0.34, -0.2), (0.42, 0.05), (0.24, 0.34), (-0.1, 0.38), (-0.36, 0.2), (-0.22, -0.08), (0.08, -0.32)], coat)
    canvas.blob([(0.34, -0.1), (0.38, 0.06), (0.22, 0.3), (0.0, 0.34), (0.08, 0.1)], chest)
    canvas.polygon([(0.42, -0.42), (0.66, -0.33), (0.42, -0.28)], beak)
    canvas.ellipse(0.26, -0.34, 0.23, 0.21, coat)
    if rng.random() < 0.3:
        canvas.polygon([(0.2, -0.48), (0.02, -0.72), (0.34, -0.54)], coat)
    canvas.blob([(0.1, -0.1), (-0.15, 0.0), (-0.52, 0.36), (-0.2, 0.3), (0.1, 0.16)], wing)
    for d in (0.0, 0.08):
        canvas.line([(0.04, 0.04 + d), (-0.4, 0.3)], 0.014, shade(wing, 0.7))
    eye(canvas, 0.33, -0.38, 0.038)


def frog(canvas: Canvas, rng: np.random.Generator) -> None:
    skin = hsv(rng.uniform(75, 135), rng.uniform(0.5, 0.85), rng.uniform(0.4, 0.8)) if rng.random() < 0.75 else coat_of(rng, (35, 0.55, 0.5), (20, 0.75, 0.75), (50, 0.6, 0.6))
    dark, light = shade(skin, 0.62), shade(hsv(60, 0.35, 0.95), rng.uniform(0.85, 1.0))
    if rng.random() < 0.5:  # on a lily pad
        water = hsv(rng.uniform(160, 215), 0.5, rng.uniform(0.35, 0.65))
        canvas.gradient(shade(water, 1.15), shade(water, 0.7))
        canvas.waves(water, 0.0, 60)
        canvas.spot(0.5, 0.82, 0.46, 0.17, hsv(110, 0.55, 0.42))
        canvas.spot(0.5, 0.81, 0.44, 0.15, hsv(105, 0.55, 0.55))
    else:
        ground = hsv(rng.uniform(25, 110), rng.uniform(0.3, 0.6), rng.uniform(0.3, 0.6))
        canvas.gradient(shade(ground, 1.2), shade(ground, 0.75))
        for _ in range(60):
            r = rng.uniform(0.008, 0.05)
            canvas.spot(rng.uniform(0, 1), rng.uniform(0, 1), r, r * 0.7, shade(ground, rng.uniform(0.7, 1.3)))
    place(canvas, rng, 0.75, 1.02, (0.5, 0.57), 6)
    canvas.shadow(0.48, 0.75)
    spots = [(rng.uniform(-0.4, 0.4), rng.uniform(-0.2, 0.1), rng.uniform(0.025, 0.06)) for _ in range(rng.integers(0, 9))]
    if rng.random() < 0.6:  # from the front
        for s in (-1, 1):
            canvas.blob([(0.3 * s, 0.1), (0.72 * s, 0.0), (0.82 * s, 0.3), (0.6 * s, 0.46), (0.3 * s, 0.42)], dark)
            for toe in (-0.1, 0.02, 0.14):
                canvas.limb([(0.66 * s, 0.44), ((0.78 + toe) * s, 0.52)], (0.07, 0.06), dark)
        canvas.blob([(-0.5, 0.1), (-0.42, -0.2), (0, -0.32), (0.42, -0.2), (0.5, 0.1), (0.42, 0.4), (0, 0.48), (-0.42, 0.4)], skin)
        canvas.blob([(-0.34, 0.18), (0, 0.12), (0.34, 0.18), (0.3, 0.4), (0, 0.46), (-0.3, 0.4)], light)
        for x, y, r in spots:
            canvas.ellipse(x, y * 0.6 - 0.08, r, r * 0.7, dark)
        for s in (-1, 1):
            canvas.limb([(0.3 * s, 0.2), (0.38 * s, 0.36), (0.28 * s, 0.5)], (0.13, 0.11, 0.09), skin)
            for toe in (-0.08, 0.0, 0.08):
                canvas.limb([(0.28 * s, 0.5), ((0.3 + toe) * s, 0.56)], (0.05, 0.05), skin)
            canvas.ellipse(0.28 * s, -0.3, 0.16, 0.16, skin)
            canvas.ellipse(0.28 * s, -0.31, 0.115, 0.115, hsv(48, 0.55, 0.95))
            canvas.ellipse(0.28 * s, -0.31, 0.08, 0.045, BLACK)
            canvas.ellipse(0.28 * s + 0.03, -0.35, 0.022, 0.022, (250, 250, 250))
            canvas.ellipse(0.05 * s, -0.08, 0.014, 0.012, dark)
        canvas.line(smooth([(-0.42, 0.04), (-0.2, 0.12), (0, 0.14), (0.2, 0.12), (0.42, 0.04)], closed=False), 0.022, shade(skin, 0.4))
        return
    # from the side
    canvas.limb([(0.22, 0.1), (0.34, 0.3), (0.3, 0.46)], (0.13, 0.1, 0.08), dark)
    canvas.blob([(0.66, -0.12), (0.52, -0.3), (0.2, -0.3), (-0.3, -0.05), (-0.66, 0.3), (-0.5, 0.44), (0.1, 0.38), (0.5, 0.16)], skin)
    canvas.blob([(0.6, -0.02), (0.3, 0.06), (-0.2, 0.32), (0.1, 0.38), (0.46, 0.2)], light)
    for x, y, r in spots:
        canvas.ellipse(x - 0.05, y - 0.02 - x * 0.25, r, r * 0.7, dark)
    canvas.ellipse(0.44, -0.3, 0.13, 0.12, skin)
    canvas.ellipse(0.46, -0.31, 0.085, 0.085, hsv(48, 0.55, 0.95))
    canvas.ellipse(0.47, -0.31, 0.055, 0.035, BLACK)
    canvas.line(smooth([(0.66, -0.08), (0.5, -0.03), (0.32, -0.06)], closed=False), 0.02, shade(skin, 0.4))
    canvas.blob([(-0.1, 0.16), (-0.5, 0.12), (-0.72, 0.34), (-0.45, 0.48), (-0.05, 0.38)], shade(skin, 0.82))
    canvas.limb([(-0.55, 0.46), (-0.1, 0.48), (0.06, 0.5)], (0.1, 0.08, 0.05), shade(skin, 0.75))
    canvas.limb([(0.3, 0.12), (0.44, 0.3), (0.38, 0.48), (0.52, 0.5)], (0.14, 0.11, 0.08, 0.05), skin)
