"""The ten subjects: vehicles here, animals in animals.py and pets.py. Each function paints a whole image on a canvas. The generator
determines every choice: pose, colors, parts, place, background."""
from __future__ import annotations

import numpy as np

import animals
import pets
from canvas import Canvas, hsv, shade

GLASS = (150, 190, 215)
TIRE = (32, 32, 36)


def paint(rng: np.random.Generator):
    """Returns a vehicle's color: bright, white, gray or black."""
    if rng.random() < 0.35:
        return shade((255, 255, 255), rng.uniform(0.2, 1.0))
    return hsv(rng.uniform(0, 360), rng.uniform(0.5, 0.95), rng.uniform(0.5, 0.95))


def place(canvas: Canvas, rng: np.random.Generator, low: float, high: float, y: tuple[float, float], tilt: float = 0) -> None:
    canvas.place(rng.uniform(0.42, 0.58), rng.uniform(*y), rng.uniform(low, high), rng.uniform(-tilt, tilt), rng.random() < 0.5)


def wheel(canvas: Canvas, x: float, y: float, r: float) -> None:
    canvas.ellipse(x, y, r, r, TIRE)
    canvas.ellipse(x, y, r * 0.6, r * 0.6, (175, 178, 185))
    canvas.ellipse(x, y, r * 0.45, r * 0.45, (120, 123, 130))
    canvas.ellipse(x, y, r * 0.15, r * 0.15, (215, 215, 220))


def airplane(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.sky()
    body = shade((255, 255, 255), rng.uniform(0.8, 1.0)) if rng.random() < 0.65 else paint(rng)
    accent = hsv(rng.uniform(0, 360), 0.75, 0.75)
    kind = rng.choice(3, p=(0.55, 0.25, 0.2))
    if kind == 1:  # from below or above
        place(canvas, rng, 0.7, 1.0, (0.42, 0.58), 50)
        sweep = rng.uniform(0.15, 0.55)
        for side in (-1, 1):
            canvas.polygon([(0.22, 0.05 * side), (-0.08, 0.05 * side), (0.0 - sweep, 0.72 * side), (0.12 - sweep, 0.72 * side)], shade(body, 0.82))
            canvas.polygon([(-0.68, 0.03 * side), (-0.82, 0.03 * side), (-0.95, 0.27 * side), (-0.85, 0.27 * side)], accent)
            canvas.limb([(0.12, 0.27 * side), (-0.08, 0.27 * side)], (0.09, 0.07), shade(body, 0.6))
        canvas.blob([(0.98, 0), (0.85, -0.075), (0.4, -0.1), (-0.4, -0.09), (-0.95, -0.02), (-0.95, 0.02), (-0.4, 0.09), (0.4, 0.1), (0.85, 0.075)], body)
        canvas.polygon([(0.84, -0.05), (0.9, -0.03), (0.9, 0.03), (0.84, 0.05)], (60, 80, 100))
        return
    if kind == 2:  # a small propeller plane from the side
        place(canvas, rng, 0.6, 0.9, (0.4, 0.58), 14)
        canvas.polygon([(-0.75, -0.05), (-0.92, -0.42), (-0.74, -0.42), (-0.5, -0.08)], accent)
        canvas.blob([(0.72, -0.04), (0.6, -0.16), (0.15, -0.22), (-0.4, -0.12), (-0.9, -0.08), (-0.9, 0.0), (-0.3, 0.14), (0.3, 0.2), (0.66, 0.12)], body)
        canvas.polygon([(0.32, -0.2), (0.2, -0.38), (-0.12, -0.38), (-0.25, -0.17)], GLASS)
        canvas.line([(-0.9, -0.03), (0.7, 0.03)], 0.05, accent)
        canvas.limb([(0.35, -0.4), (-0.25, -0.4)], (0.07, 0.05), shade(accent, 0.85))
        canvas.line([(0.1, -0.39), (0.05, 0.15)], 0.02, shade(body, 0.55))
        canvas.ellipse(0.78, 0.0, 0.02, 0.34, (90, 90, 95), rng.uniform(-10, 10))
        canvas.ellipse(0.75, 0.02, 0.06, 0.05, accent)
        for x in (0.35, -0.05):
            canvas.line([(x - 0.06, 0.15), (x, 0.33)], 0.025, shade(body, 0.5))
            canvas.ellipse(x, 0.35, 0.07, 0.07, TIRE)
        return
    # an airliner from the side; on a runway, or in the air
    ground = rng.random() < 0.3
    if ground:
        canvas.gradient(hsv(90, 0.35, 0.6), hsv(90, 0.3, 0.55), 0.66, 0.74)
        canvas.gradient((128, 128, 132), (98, 98, 102), 0.74, 1.0)
    place(canvas, rng, 0.75, 1.0, (0.58, 0.62) if ground else (0.4, 0.58), 2 if ground else 18)
    if ground:
        canvas.shadow(0.34, 0.85)
        for x in (0.68, -0.05, -0.15):
            canvas.line([(x, 0.08), (x, 0.28)], 0.03, (90, 90, 95))
            canvas.ellipse(x, 0.29, 0.055, 0.055, TIRE)
    canvas.polygon([(0.1, -0.02), (-0.1, -0.02), (-0.32, -0.3), (-0.22, -0.3)], shade(body, 0.7))
    canvas.polygon([(-0.62, -0.08), (-0.98, -0.52), (-0.82, -0.52), (-0.42, -0.1)], accent)
    canvas.blob([(0.97, 0.04), (0.88, -0.06), (0.7, -0.12), (0, -0.14), (-0.6, -0.13), (-0.98, -0.1), (-0.96, -0.05), (-0.5, 0.12), (0.2, 0.14), (0.8, 0.12)], body)
    canvas.polygon([(0.95, 0.06), (0.8, 0.115), (0.2, 0.135), (-0.4, 0.12), (-0.6, 0.07)], shade(body, 0.75))
    canvas.line([(-0.75, -0.0), (0.9, 0.03)], 0.03, accent)
    for x in np.arange(-0.5, 0.72, 0.085):
        canvas.box(x, -0.075, x + 0.04, -0.025, (70, 90, 115), 0.012)
    canvas.polygon([(0.8, -0.085), (0.89, -0.045), (0.91, -0.015), (0.8, -0.02)], (60, 80, 105))
    canvas.polygon([(-0.65, 0.0), (-0.82, 0.02), (-0.98, 0.16), (-0.88, 0.16)], shade(body, 0.7))
    canvas.box(0.02, 0.13, 0.28, 0.24, shade(accent, 0.8), 0.05)
    canvas.polygon([(0.2, 0.07), (-0.14, 0.07), (-0.5, 0.44), (-0.36, 0.45)], shade(body, 0.62))


def automobile(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.road(rng.uniform(0.5, 0.66)) if rng.random() < 0.75 else canvas.plain()
    body, dark = paint(rng), None
    dark = shade(body, 0.7)
    if rng.random() < 0.3:  # from the front
        place(canvas, rng, 0.65, 0.9, (0.54, 0.62))
        canvas.shadow(0.5, 0.75)
        for x in (-0.52, 0.36):
            canvas.box(x, 0.2, x + 0.17, 0.52, TIRE, 0.04)
        canvas.blob([(-0.42, -0.05), (-0.34, -0.42), (-0.2, -0.5), (0.2, -0.5), (0.34, -0.42), (0.42, -0.05)], dark)
        canvas.polygon([(-0.38, -0.06), (-0.29, -0.42), (0.29, -0.42), (0.38, -0.06)], GLASS)
        canvas.polygon([(-0.2, -0.06), (-0.05, -0.42), (0.08, -0.42), (-0.05, -0.06)], shade(GLASS, 1.4))
        canvas.blob([(-0.6, 0.34), (-0.62, 0.1), (-0.46, -0.08), (0.46, -0.08), (0.62, 0.1), (0.6, 0.34), (0.4, 0.42), (-0.4, 0.42)], body)
        canvas.polygon([(-0.4, -0.05), (0.4, -0.05), (0.3, 0.06), (-0.3, 0.06)], shade(body, 1.2))
        canvas.box(-0.26, 0.1, 0.26, 0.24, (40, 40, 45), 0.04)
        for y in (0.14, 0.19):
            canvas.line([(-0.24, y), (0.24, y)], 0.012, (130, 130, 135))
        for side in (-1, 1):
            canvas.ellipse(0.44 * side, 0.13, 0.11, 0.075, (245, 245, 225))
            canvas.ellipse(0.44 * side, 0.13, 0.055, 0.045, (255, 250, 190))
            canvas.box(0.5 * side - 0.06, 0.27, 0.5 * side + 0.06, 0.32, (240, 170, 60))
            canvas.ellipse(0.5 * side, -0.12, 0.08, 0.05, body)
        canvas.box(-0.14, 0.29, 0.14, 0.36, (240, 240, 240))
        return
    place(canvas, rng, 0.72, 0.98, (0.58, 0.66))
    canvas.shadow(0.38, 0.95)
    roof, front, back = rng.uniform(-0.44, -0.34), rng.uniform(0.3, 0.48), rng.uniform(-0.85, -0.45)
    r = rng.uniform(0.15, 0.19)
    lower = [(0.93, 0.24), (0.96, 0.08), (0.88, -0.02), (front + 0.08, -0.09), (back, -0.1), (-0.92, -0.06), (-0.96, 0.1), (-0.93, 0.25)]
    if rng.random() < 0.15:  # open
        canvas.polygon([(front, -0.08), (front - 0.14, -0.3), (front - 0.1, -0.31), (front + 0.06, -0.08)], GLASS)
        for x in (0.02, -0.38):
            canvas.box(x - 0.16, -0.22, x, -0.05, (60, 40, 35), 0.05)
    else:
        canvas.polygon([(front + 0.1, -0.07), (front - 0.17, roof), (back + 0.35, roof - 0.01), (back - 0.02, -0.08)], body)
        top = roof + 0.06
        middle = (front + back) / 2 + 0.02
        canvas.polygon([(front, -0.08), (front - 0.18, top), (middle + 0.03, top), (middle + 0.03, -0.08)], GLASS)
        canvas.polygon([(middle - 0.03, -0.08), (middle - 0.03, top), (back + 0.36, top), (back + 0.14, -0.08)], GLASS)
        canvas.polygon([(front - 0.12, -0.08), (front - 0.22, top), (front - 0.28, top), (front - 0.22, -0.08)], shade(GLASS, 1.4))
    canvas.polygon(lower, body)
    canvas.polygon([(0.95, 0.14), (0.93, 0.26), (-0.93, 0.26), (-0.95, 0.14)], dark)
    canvas.line([(-0.9, -0.02), (0.86, 0.0)], 0.015, shade(body, 1.3))
    canvas.line([(0.0, -0.08), (0.0, 0.18)], 0.012, dark)
    canvas.box(-0.14, 0.0, -0.04, 0.025, dark)
    canvas.ellipse(0.88, 0.06, 0.06, 0.04, (255, 245, 190))
    canvas.box(-0.955, 0.0, -0.89, 0.08, (190, 30, 30))
    for x in (0.57, -0.57):
        canvas.ellipse(x, 0.23, r * 1.18, r * 1.18, shade(body, 0.35))
        wheel(canvas, x, 0.25, r)


def ship(canvas: Canvas, rng: np.random.Generator) -> None:
    horizon = rng.uniform(0.45, 0.62)
    canvas.sea(horizon)
    hull = paint(rng)
    white = shade((255, 255, 255), rng.uniform(0.88, 1.0))
    place(canvas, rng, 0.7, 1.0, (horizon + 0.06, horizon + 0.14), 3)
    kind = rng.choice(4, p=(0.3, 0.25, 0.25, 0.2))
    if kind == 0:  # sails
        canvas.line([(0.0, 0.1), (0.0, -0.78)], 0.03, (110, 80, 50))
        sail = white if rng.random() < 0.7 else hsv(rng.uniform(0, 360), 0.6, 0.85)
        canvas.blob([(0.03, -0.76), (0.25, -0.35), (0.5, 0.0), (0.03, 0.0)], sail)
        canvas.polygon([(-0.03, -0.68), (-0.03, 0.0), (-0.5, 0.0)], shade(sail, 0.88))
        canvas.polygon([(-0.62, 0.08), (0.66, 0.05), (0.5, 0.27), (-0.48, 0.27)], hull)
        canvas.line([(-0.6, 0.11), (0.62, 0.08)], 0.03, shade(hull, 1.4))
    else:
        canvas.polygon([(-0.95, 0.0), (0.98, -0.06), (0.84, 0.27), (-0.88, 0.27)], hull)
        canvas.polygon([(-0.905, 0.18), (0.88, 0.18), (0.84, 0.27), (-0.88, 0.27)], (140, 45, 40) if rng.random() < 0.6 else shade(hull, 0.6))
        canvas.line([(-0.94, 0.03), (0.95, -0.02)], 0.025, shade(hull, 1.5))
        if kind == 1:  # passengers
            for i in range(rng.integers(2, 5)):
                top, left, right = -0.12 * i, -0.8 + 0.09 * i, 0.72 - 0.14 * i
                canvas.box(left, top - 0.12, right, top - 0.01, shade(white, 1 - 0.03 * i))
                for x in np.arange(left + 0.05, right - 0.06, 0.09):
                    canvas.box(x, top - 0.085, x + 0.045, top - 0.045, (70, 95, 125))
            for x in (-0.3, 0.05)[:rng.integers(1, 3)]:
                canvas.polygon([(x, top - 0.12), (x - 0.03, top - 0.34), (x + 0.11, top - 0.34), (x + 0.14, top - 0.12)], hsv(rng.uniform(0, 40), 0.75, 0.8))
                canvas.box(x - 0.03, top - 0.34, x + 0.115, top - 0.3, (40, 40, 45))
        elif kind == 2:  # containers
            for x in np.arange(-0.45, 0.75, 0.17):
                for level in range(rng.integers(1, 4)):
                    color = hsv(rng.uniform(0, 360), 0.6, 0.75)
                    canvas.box(x, -0.14 - 0.13 * level, x + 0.16, -0.02 - 0.13 * level, color)
                    canvas.line([(x + 0.08, -0.13 - 0.13 * level), (x + 0.08, -0.03 - 0.13 * level)], 0.01, shade(color, 0.7))
            canvas.box(-0.85, -0.5, -0.55, 0.02, white)
            canvas.box(-0.88, -0.56, -0.5, -0.47, white)
            for y in (-0.42, -0.3, -0.18):
                canvas.box(-0.82, y, -0.58, y + 0.05, (70, 95, 125))
            canvas.box(-0.78, -0.7, -0.66, -0.56, hsv(rng.uniform(0, 360), 0.7, 0.7))
        else:  # a warship or tug: a bridge, a mast, guns or cranes
            gray = shade((225, 232, 240), rng.uniform(0.5, 0.9))
            canvas.polygon([(-0.45, 0.0), (-0.38, -0.2), (0.3, -0.2), (0.38, -0.02)], gray)
            canvas.polygon([(-0.15, -0.2), (-0.1, -0.42), (0.16, -0.42), (0.22, -0.2)], shade(gray, 0.88))
            canvas.box(-0.08, -0.37, 0.14, -0.3, (60, 75, 95))
            canvas.line([(0.02, -0.42), (0.02, -0.74)], 0.025, shade(gray, 0.6))
            canvas.line([(-0.1, -0.6), (0.14, -0.6)], 0.018, shade(gray, 0.6))
            canvas.polygon([(-0.32, -0.2), (-0.35, -0.4), (-0.22, -0.4), (-0.2, -0.2)], shade(gray, 0.7))
            canvas.box(0.5, -0.12, 0.64, -0.03, gray)
            canvas.line([(0.6, -0.09), (0.8, -0.14)], 0.02, shade(gray, 0.7))
    water = canvas.image.getpixel((5, int(canvas.height * 0.9)))
    foam = canvas.at([(0, 0.27)])[0][1] / canvas.height
    for x in np.arange(-0.05, 1.05, 0.025):
        canvas.spot(x, foam + rng.uniform(0, 0.02), 0.025, rng.uniform(0.008, 0.02), shade(water, rng.uniform(0.9, 1.4)))


def truck(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.road(rng.uniform(0.55, 0.68)) if rng.random() < 0.75 else canvas.plain()
    cab, load = paint(rng), paint(rng) if rng.random() < 0.6 else (238, 238, 236)
    place(canvas, rng, 0.75, 0.98, (0.54, 0.6))
    canvas.shadow(0.47, 1.0)
    kind = rng.choice(4, p=(0.45, 0.2, 0.2, 0.15))
    canvas.box(-0.95, 0.22, 0.88, 0.32, (55, 55, 60))
    if kind == 0:  # box
        canvas.box(-0.97, -0.55, 0.4, 0.24, load)
        canvas.box(-0.97, 0.16, 0.4, 0.24, shade(load, 0.72))
        for x in np.arange(-0.85, 0.35, 0.14) if rng.random() < 0.5 else ():
            canvas.line([(x, -0.53), (x, 0.16)], 0.01, shade(load, 0.85))
        if rng.random() < 0.5:
            canvas.box(-0.75, -0.32, 0.18, -0.08, hsv(rng.uniform(0, 360), 0.7, 0.8), 0.05)
    elif kind == 1:  # tipper
        canvas.polygon([(-0.98, -0.22), (0.4, -0.22), (0.3, 0.22), (-0.88, 0.22)], load)
        canvas.blob([(-0.85, -0.2), (-0.5, -0.4), (-0.1, -0.35), (0.25, -0.2)], hsv(30, 0.5, 0.45))
        canvas.polygon([(-0.98, -0.22), (0.4, -0.22), (0.385, -0.15), (-0.965, -0.15)], shade(load, 0.8))
        for x in (-0.7, -0.4, -0.1, 0.2):
            canvas.line([(x, -0.16), (x, 0.2)], 0.03, shade(load, 0.8))
    elif kind == 2:  # tank
        canvas.ellipse(-0.28, -0.12, 0.68, 0.32, load)
        canvas.ellipse(-0.28, -0.2, 0.6, 0.16, shade(load, 1.3))
        canvas.box(-0.36, -0.48, -0.18, -0.42, shade(load, 0.6))
        canvas.line([(-0.92, -0.1), (0.38, -0.1)], 0.04, cab)
    else:  # flatbed with logs or crates
        canvas.box(-0.97, 0.14, 0.4, 0.24, shade(load, 0.8))
        for level in range(rng.integers(1, 4)):
            for x in np.arange(-0.9 + 0.1 * level, 0.2 - 0.1 * level, 0.21):
                canvas.box(x, -0.06 - 0.2 * level, x + 0.2, 0.13 - 0.2 * level, hsv(rng.uniform(20, 40), 0.5, rng.uniform(0.55, 0.75)))
    nose = rng.random() < 0.35
    if nose:
        canvas.box(0.42, -0.38, 0.72, 0.3, cab, 0.05)
        canvas.box(0.6, -0.04, 0.98, 0.3, cab, 0.06)
        canvas.polygon([(0.54, -0.28), (0.7, -0.28), (0.73, -0.05), (0.54, -0.05)], GLASS)
        canvas.line([(0.46, -0.4), (0.46, -0.66)], 0.04, (150, 150, 155))
    else:
        canvas.polygon([(0.43, 0.3), (0.43, -0.42), (0.84, -0.42), (0.95, -0.02), (0.97, 0.3)], cab)
        canvas.polygon([(0.6, -0.3), (0.81, -0.3), (0.88, -0.02), (0.6, -0.02)], GLASS)
        canvas.polygon([(0.43, -0.44), (0.8, -0.44), (0.45, -0.6)], shade(cab, 0.85))
    canvas.polygon([(0.68, -0.27), (0.73, -0.27), (0.78, -0.06), (0.73, -0.06)], shade(GLASS, 1.4))
    canvas.box(0.44, 0.18, 0.98, 0.31, shade(cab, 0.7))
    canvas.box(0.5, 0.04, 0.58, 0.065, shade(cab, 0.5))
    canvas.ellipse(0.93, 0.17, 0.045, 0.05, (255, 245, 190))
    wheels = (-0.72, -0.4, 0.68) if rng.random() < 0.6 else (-0.6, 0.68)
    for x in wheels:
        canvas.ellipse(x, 0.3, 0.19, 0.19, (40, 40, 44))
        wheel(canvas, x, 0.33, 0.155)


SUBJECTS = {"airplane": airplane, "automobile": automobile, "bird": animals.bird, "cat": pets.cat, "deer": animals.deer,
            "dog": pets.dog, "frog": animals.frog, "horse": animals.horse, "ship": ship, "truck": truck}
