"""A canvas for drawn images: shapes in the subject's coordinates, backgrounds in the image's.

Everything is drawn at twice the size and reduced at the end, for smooth edges. A subject's coordinates are about -1..1
in x and -0.75..0.75 in y (y down). One affine map places them: position, size, rotation, mirror.
"""
from __future__ import annotations

import colorsys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

FINER = 2
Color = tuple[int, int, int]


def hsv(hue: float, saturation: float, value: float) -> Color:
    """Returns the color of this hue (degrees), saturation and value (0..1)."""
    return tuple(int(255 * v) for v in colorsys.hsv_to_rgb(hue % 360 / 360, min(1, max(0, saturation)), min(1, max(0, value))))


def shade(color: Color, factor: float) -> Color:
    """Darkens a color (factor below 1) or mixes it with white (factor above 1)."""
    if factor <= 1:
        return tuple(int(v * factor) for v in color)
    return tuple(int(v + (255 - v) * min(1.0, factor - 1)) for v in color)


def smooth(points, closed: bool = True, steps: int = 8) -> list[tuple[float, float]]:
    """Returns a Catmull-Rom curve through the points."""
    p = np.asarray(points, float)
    n, result = len(p), []
    for i in range(n if closed else n - 1):
        a, b, c, d = (p[(i + j) % n] if closed else p[min(max(i + j, 0), n - 1)] for j in (-1, 0, 1, 2))
        for t in np.linspace(0, 1, steps, endpoint=False):
            result.append(tuple(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t ** 3)))
    return result if closed else result + [tuple(p[-1])]


class Canvas:
    """One image. Not thread-safe."""

    def __init__(self, width: int, height: int, rng: np.random.Generator):
        self.width, self.height, self.rng = width * FINER, height * FINER, rng
        self.size = (width, height)
        self.image = Image.new("RGB", (self.width, self.height))
        self.pen = ImageDraw.Draw(self.image)
        self.place()

    # -- placing the subject

    def place(self, x: float = 0.5, y: float = 0.5, scale: float = 0.8, degrees: float = 0.0, mirror: bool = False) -> None:
        """Places the subject's origin at (x, y) of the image; `scale` 1 fills its height or width."""
        unit = min(self.width / 2, self.height / 1.5) * scale
        cos, sin = np.cos(np.radians(degrees)) * unit, np.sin(np.radians(degrees)) * unit
        flip = -1 if mirror else 1
        self.map = np.array([[flip * cos, -sin], [flip * sin, cos]])
        self.origin = np.array([x * self.width, y * self.height])
        self.unit = unit

    def at(self, points) -> list[tuple[float, float]]:
        return [tuple(p) for p in np.asarray(points, float) @ self.map.T + self.origin]

    # -- shapes in the subject's coordinates

    def polygon(self, points, fill: Color) -> None:
        self.pen.polygon(self.at(points), fill=fill)

    def blob(self, points, fill: Color) -> None:
        self.polygon(smooth(points), fill)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: Color, degrees: float = 0.0) -> None:
        t = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        ex, ey = rx * np.cos(t), ry * np.sin(t)
        self.polygon(np.stack((x + c * ex - s * ey, y + s * ex + c * ey), 1), fill)

    def box(self, left: float, top: float, right: float, bottom: float, fill: Color, radius: float = 0.0) -> None:
        if not radius:
            self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], fill)
            return
        corners = []
        for cx, cy, start in ((right - radius, top + radius, -90), (right - radius, bottom - radius, 0),
                              (left + radius, bottom - radius, 90), (left + radius, top + radius, 180)):
            t = np.radians(np.linspace(start, start + 90, 8))
            corners += list(zip(cx + radius * np.cos(t), cy + radius * np.sin(t)))
        self.polygon(corners, fill)

    def limb(self, points, widths, fill: Color, curved: bool = True) -> None:
        """Draws a line with round ends and varying width: legs, necks, tails, branches."""
        path = np.asarray(smooth(points, closed=False) if curved and len(points) > 2 else points, float)
        if len(path) < 3:
            path = np.linspace(path[0], path[-1], 12)
        radii = np.interp(np.linspace(0, 1, len(path)), np.linspace(0, 1, len(widths)), widths) / 2
        for (x, y), r in zip(path, radii):
            px, py = self.at([(x, y)])[0]
            r = r * self.unit
            self.pen.ellipse((px - r, py - r, px + r, py + r), fill=fill)
        along = np.gradient(path, axis=0)
        normal = np.stack((-along[:, 1], along[:, 0]), 1) / (np.linalg.norm(along, axis=1, keepdims=True) + 1e-9)
        self.polygon(np.concatenate((path + normal * radii[:, None], (path - normal * radii[:, None])[::-1])), fill)

    def line(self, points, width: float, fill: Color) -> None:
        self.pen.line(self.at(points), fill=fill, width=max(1, int(width * self.unit)), joint="curve")

    # -- backgrounds, in shares of the image

    def gradient(self, top: Color, bottom: Color, start: float = 0.0, end: float = 1.0) -> None:
        first, last = int(start * self.height), int(end * self.height)
        ramp = np.linspace(0, 1, max(1, last - first))[:, None, None]
        rows = np.array(top) * (1 - ramp) + np.array(bottom) * ramp
        self.image.paste(Image.fromarray(np.repeat(rows, self.width, 1).astype(np.uint8), "RGB"), (0, first))

    def spot(self, x: float, y: float, rx: float, ry: float, fill: Color) -> None:
        x, rx, y, ry = x * self.width, rx * self.width, y * self.height, ry * self.height
        self.pen.ellipse((x - rx, y - ry, x + rx, y + ry), fill=fill)

    def area(self, points, fill: Color) -> None:
        self.pen.polygon([(x * self.width, y * self.height) for x, y in points], fill=fill)

    def sky(self, end: float = 1.0) -> None:
        """A sky, sometimes with clouds or a sun."""
        rng = self.rng
        kind = rng.choice(4, p=(0.55, 0.2, 0.13, 0.12))
        hue = rng.uniform(198, 222)
        if kind == 0:
            self.gradient(hsv(hue, rng.uniform(0.45, 0.75), rng.uniform(0.75, 0.95)), hsv(hue - 8, 0.15, 0.98), 0, end)
        elif kind == 1:
            self.gradient(hsv(hue, 0.12, rng.uniform(0.6, 0.75)), hsv(hue, 0.05, 0.9), 0, end)
        elif kind == 2:
            self.gradient(hsv(hue + 30, 0.4, 0.6), hsv(rng.uniform(15, 40), 0.5, 0.98), 0, end)
        else:
            self.gradient(hsv(hue, 0.2, 0.93), hsv(hue, 0.04, 0.99), 0, end)
        if kind in (0, 2) and rng.random() < 0.35:
            x, r = rng.uniform(0.1, 0.9), rng.uniform(0.04, 0.07)
            self.spot(x, end * rng.uniform(0.12, 0.45), r * self.height / self.width, r, hsv(48, 0.35, 1.0))
        for _ in range(rng.integers(0, 4)):
            x, y, s = rng.uniform(0, 1), rng.uniform(0.05, 0.6) * end, rng.uniform(0.05, 0.13)
            white = shade((255, 255, 255), rng.uniform(0.88, 1.0))
            for _ in range(5):
                self.spot(x + rng.uniform(-1.2, 1.2) * s, y + rng.uniform(-0.15, 0.25) * s, s * rng.uniform(0.5, 0.9), s * rng.uniform(0.35, 0.55), white)

    def meadow(self, horizon: float) -> None:
        """Sky over hills over grass."""
        rng = self.rng
        self.sky(horizon + 0.1)
        hue = rng.uniform(70, 130)
        for i in range(rng.integers(0, 3)):
            xs = np.linspace(0, 1, 12)
            ys = horizon - 0.04 - 0.08 * rng.random() - 0.05 * np.sin(xs * rng.uniform(4, 9) + rng.uniform(0, 6))
            self.area([*zip(xs, ys), (1, 1), (0, 1)], hsv(hue + 20, 0.3, 0.55 + 0.08 * i))
        if rng.random() < 0.4:
            self.trees(horizon + 0.02)
        green = hsv(hue, rng.uniform(0.4, 0.65), rng.uniform(0.5, 0.75))
        self.gradient(green, shade(green, 0.7), horizon, 1.0)
        for _ in range(60):
            x, y = rng.uniform(0, 1), rng.uniform(horizon + 0.03, 1)
            h = 0.02 + 0.05 * (y - horizon)
            self.area([(x, y), (x + 0.004, y), (x + rng.uniform(-0.01, 0.01), y - h)], shade(green, rng.uniform(0.65, 1.25)))

    def trees(self, base: float) -> None:
        rng = self.rng
        for _ in range(rng.integers(3, 9)):
            x, h = rng.uniform(0, 1), rng.uniform(0.12, 0.35)
            green = hsv(rng.uniform(80, 140), rng.uniform(0.35, 0.6), rng.uniform(0.25, 0.5))
            self.area([(x - 0.008, base), (x + 0.008, base), (x + 0.006, base - h), (x - 0.006, base - h)], hsv(28, 0.5, 0.35))
            if rng.random() < 0.5:
                for i in range(3):
                    w, y = h * (0.3 - 0.07 * i), base - h * (0.25 + 0.25 * i)
                    self.area([(x - w, y), (x + w, y), (x, y - h * 0.42)], green)
            else:
                for _ in range(4):
                    self.spot(x + rng.uniform(-0.2, 0.2) * h, base - h * rng.uniform(0.6, 1.0), h * 0.2, h * 0.24, shade(green, rng.uniform(0.85, 1.1)))

    def forest(self) -> None:
        """Trunks and leaves without a sky."""
        rng = self.rng
        hue = rng.uniform(60, 130)
        self.gradient(hsv(hue, 0.45, rng.uniform(0.3, 0.55)), hsv(hue - 20, 0.5, rng.uniform(0.35, 0.55)))
        for _ in range(rng.integers(4, 10)):
            x, w = rng.uniform(0, 1), rng.uniform(0.01, 0.04)
            self.area([(x - w, 1), (x + w, 1), (x + 0.7 * w, 0), (x - 0.7 * w, 0)], hsv(28, 0.4, rng.uniform(0.2, 0.4)))
        for _ in range(40):
            r = rng.uniform(0.02, 0.06)
            self.spot(rng.uniform(0, 1), rng.uniform(0, 0.45), r, r, hsv(hue + rng.uniform(-15, 15), 0.5, rng.uniform(0.3, 0.65)))
        ground = hsv(rng.uniform(35, 100), 0.45, rng.uniform(0.4, 0.6))
        self.gradient(ground, shade(ground, 0.7), rng.uniform(0.68, 0.78), 1.0)

    def room(self) -> None:
        """A wall and a floor, sometimes a carpet."""
        rng = self.rng
        wall = hsv(rng.uniform(0, 360), rng.uniform(0.05, 0.4), rng.uniform(0.65, 0.95))
        floor = hsv(rng.uniform(15, 45), rng.uniform(0.2, 0.55), rng.uniform(0.45, 0.8))
        line = rng.uniform(0.6, 0.78)
        self.gradient(wall, shade(wall, 0.9), 0, line)
        if rng.random() < 0.5:
            x, w = rng.uniform(0.0, 0.8), rng.uniform(0.15, 0.3)
            self.area([(x, 0.08), (x + w, 0.08), (x + w, 0.4), (x, 0.4)], shade(wall, 0.75))
            self.area([(x + 0.02, 0.1), (x + w - 0.02, 0.1), (x + w - 0.02, 0.38), (x + 0.02, 0.38)], hsv(rng.uniform(0, 360), 0.3, 0.9))
        self.gradient(floor, shade(floor, 0.8), line, 1.0)
        if rng.random() < 0.5:
            self.spot(0.5, 0.92, rng.uniform(0.3, 0.5), 0.13, hsv(rng.uniform(0, 360), 0.45, 0.7))

    def plain(self) -> None:
        hue, low = self.rng.uniform(0, 360), self.rng.uniform(0.05, 0.45)
        self.gradient(hsv(hue, low, self.rng.uniform(0.75, 1)), hsv(hue + self.rng.uniform(-30, 30), low, self.rng.uniform(0.5, 0.9)))

    def road(self, horizon: float) -> None:
        """A street in front of houses, trees or fields."""
        rng = self.rng
        self.sky(horizon + 0.05)
        if rng.random() < 0.5:
            x = -0.05
            while x < 1:
                w, h = rng.uniform(0.08, 0.2), rng.uniform(0.12, 0.5)
                wall = hsv(rng.uniform(0, 60), rng.uniform(0.05, 0.4), rng.uniform(0.45, 0.85))
                self.area([(x, horizon), (x + w, horizon), (x + w, horizon - h), (x, horizon - h)], wall)
                for wx in np.arange(x + 0.02, x + w - 0.03, 0.04):
                    for wy in np.arange(horizon - h + 0.03, horizon - 0.06, 0.075):
                        self.area([(wx, wy), (wx + 0.02, wy), (wx + 0.02, wy + 0.04), (wx, wy + 0.04)], shade(wall, 0.6))
                x += w
        else:
            self.area([(0, horizon - 0.04), (1, horizon - 0.02), (1, 1), (0, 1)], hsv(rng.uniform(70, 120), 0.45, 0.55))
            self.trees(horizon)
        gray = shade((255, 255, 255), rng.uniform(0.3, 0.6))
        self.gradient(shade(gray, 1.1), shade(gray, 0.85), horizon, 1.0)
        if rng.random() < 0.7:
            for x in np.arange(rng.uniform(-0.1, 0), 1, 0.2):
                self.area([(x, 0.93), (x + 0.1, 0.93), (x + 0.1, 0.95), (x, 0.95)], (235, 232, 215))

    def sea(self, horizon: float) -> None:
        rng = self.rng
        self.sky(horizon)
        water = hsv(rng.uniform(185, 222), rng.uniform(0.35, 0.75), rng.uniform(0.4, 0.75))
        self.gradient(shade(water, 1.15), shade(water, 0.75), horizon, 1.0)
        self.waves(water, horizon, 70)

    def waves(self, water: Color, horizon: float, count: int) -> None:
        for _ in range(count):
            x, y = self.rng.uniform(0, 1), self.rng.uniform(horizon + 0.02, 1)
            w = 0.01 + 0.05 * (y - horizon)
            self.spot(x, y, w, 0.0025 + 0.006 * (y - horizon), shade(water, self.rng.uniform(0.8, 1.35)))

    def shadow(self, y: float, width: float, x: float = 0.0) -> None:
        """A dark patch under the subject, in its coordinates."""
        px, py = self.at([(x, y)])[0]
        mask = Image.new("L", (self.width, self.height))
        rx, ry = width * self.unit, width * self.unit * 0.12
        ImageDraw.Draw(mask).ellipse((px - rx, py - ry, px + rx, py + ry), fill=90)
        self.image.paste((20, 20, 25), (0, 0), mask.filter(ImageFilter.BoxBlur(4)))

    def finish(self) -> Image.Image:
        """Returns the image at its final size, with some light from one side and some grain."""
        pixels = np.asarray(self.image.resize(self.size, Image.LANCZOS)).astype(np.float32)
        height, width, _ = pixels.shape
        y, x = np.mgrid[-1:1:height * 1j, -1:1:width * 1j]
        angle = self.rng.uniform(0, 2 * np.pi)
        light = 1 + self.rng.uniform(0, 0.1) * (np.cos(angle) * x + np.sin(angle) * y)
        grain = self.rng.normal(0, self.rng.uniform(0, 3.5), (height, width, 1))
        return Image.fromarray(np.clip(pixels * light[:, :, None] + grain, 0, 255).astype(np.uint8), "RGB")
