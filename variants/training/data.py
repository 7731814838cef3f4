"""Labeled images: reading, the validation split, preprocessing and augmentation.

Sources: a folder per class or a zip of such folders (JPEG, PNG; any outer folders are ignored), or CIFAR-10's own
binary or python batches (*training* batches only). Images are decoded once, stretched to `side` x `side` and kept as
uint8 [N, 3, side, side]. CIFAR-10's batches stay 32x32.

Validation images are split from the training source by a fixed seed, the same share of each class. No test images are
read here.
"""
from __future__ import annotations

import hashlib
import io
import pickle
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from mistake import Mistake

SPLIT_SEED = 20240117  # of the validation split; changing it would invalidate the shipped sets
PICTURES = (".jpg", ".jpeg", ".png")
SHOWN = 5  # names of skipped files
CIFAR10 = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def class_digest(classes: list[str]) -> str:
    """Returns the lower-case hex SHA-256 of the ordered class names joined by line feeds, in UTF-8."""
    return hashlib.sha256("\n".join(classes).encode()).hexdigest()


def preprocess(pixels: torch.Tensor, size: int) -> torch.Tensor:
    """Preprocesses as workers do: stretches [N, 3, H, W] of 0..255 to size x size (antialiased triangle filter, half-pixel
    centers), then x/127.5 - 1, in floating point without intermediate rounding."""
    pixels = pixels if pixels.is_floating_point() else pixels.float()
    if pixels.shape[-2:] != (size, size):
        pixels = F.interpolate(pixels, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    return pixels / 127.5 - 1.0


@dataclass
class Images:
    """Decoded images: pixels uint8 [N, 3, H, W], labels int64 [N], and the ordered class names."""

    pixels: torch.Tensor
    labels: torch.Tensor
    classes: list[str]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, indices: np.ndarray) -> "Images":
        at = torch.from_numpy(indices)
        return Images(self.pixels[at], self.labels[at], self.classes)


def read(path: Path, side: int) -> Images:
    """Reads a folder, a zip, or CIFAR-10's own batches. Classes are the folders' names in alphabetical order.

    :raises Mistake: names the path or the picture
    """
    path = Path(path)
    if path.is_dir() and list(path.glob("data_batch_*")):
        return _cifar_batches(path)
    named = _named(path, told=True)
    classes = sorted({name.split("/")[-2] for name, _ in named})
    if len(classes) < 2:
        raise Mistake(f"data {path}: all pictures are in one folder, {classes[0]}; at least two classes are needed, with a folder each")
    number = {name: i for i, name in enumerate(classes)}
    pixels = np.empty((len(named), 3, side, side), np.uint8)
    labels = np.empty(len(named), np.int64)
    for i, (name, load) in enumerate(named):
        try:
            image = Image.open(io.BytesIO(load())).convert("RGB")
        except (OSError, zipfile.BadZipFile) as e:
            raise Mistake(f"data {path}: {name} cannot be read as a picture ({e}); repair or remove it") from e
        if image.size != (side, side):
            image = image.resize((side, side), Image.BILINEAR)  # Pillow's is antialiased, half-pixel centers
        pixels[i] = np.asarray(image).transpose(2, 0, 1)
        labels[i] = number[name.split("/")[-2]]
    return Images(torch.from_numpy(pixels), torch.from_numpy(labels), classes)


def _named(path: Path, told: bool = False) -> list[tuple]:
    """Returns each image's name and a function that loads its bytes, sorted by name (the order of the images). `told`: prints skipped files."""
    if not path.exists():
        raise Mistake(f"data {path}: no such folder or zip")
    if path.is_file() and not zipfile.is_zipfile(path):
        raise Mistake(f"data {path}: neither a folder nor a zip")
    found = sorted(_zip_files(path) if path.is_file() else _folder_files(path), key=lambda entry: entry[0])
    named = [entry for entry in found if _is_read(entry[0])]
    left = [name for name, _ in found if not _is_read(name)]
    if told and left:
        shown = ", ".join(left[:SHOWN]) + (f" and {len(left) - SHOWN} more" if len(left) > SHOWN else "")
        print(f"skipped (only {' '.join(PICTURES)} in a folder are read): {shown}", flush=True)
    if not named:
        raise Mistake(f"data {path}: no pictures found; expected a folder per class, or a zip of those, with {', '.join(PICTURES)}")
    return named


def _is_read(name: str) -> bool:
    return name.lower().endswith(PICTURES) and "/" in name


def _zip_files(path: Path) -> Iterator[tuple]:
    archive = zipfile.ZipFile(path)
    for name in archive.namelist():
        if not name.endswith("/"):
            yield name, (lambda name=name: archive.read(name))


def _folder_files(path: Path) -> Iterator[tuple]:
    for file in path.rglob("*"):
        if file.is_file():
            yield file.relative_to(path.parent).as_posix(), file.read_bytes


def _cifar_batches(path: Path) -> Images:
    """Reads CIFAR-10's training batches: `data_batch_N.bin` (label, 3072 bytes per record) or the python version's pickles."""
    pixels, labels = [], []
    for file in sorted(path.glob("data_batch_*")):
        if file.suffix == ".bin":
            records = np.fromfile(file, np.uint8).reshape(-1, 3073)
            labels.append(records[:, 0].astype(np.int64))
            pixels.append(records[:, 1:])
        else:
            batch = pickle.loads(file.read_bytes(), encoding="bytes")  # unsafe for untrusted files: use your own download only
            labels.append(np.asarray(batch[b"labels"], np.int64))
            pixels.append(batch[b"data"])
    shaped = np.concatenate(pixels).reshape(-1, 3, 32, 32)
    return Images(torch.from_numpy(shaped), torch.from_numpy(np.concatenate(labels)), list(CIFAR10))


def split(images: Images, validation: float, seed: int = SPLIT_SEED) -> tuple[Images, Images]:
    """Splits into training and validation images, fixed by the seed, with the same share of each class. `validation` is a number of
    images, or a share if below 1.

    :raises Mistake: one part would be empty
    """
    train, held = split_indices(images.labels.numpy(), _count(validation, len(images)), seed)
    if not len(train) or not len(held):
        raise Mistake(f"validation = {validation}: of {len(images)} images that leaves {len(train)} for training and {len(held)} for validation;"
                      " give a share such as 0.2, or a smaller or larger number")
    return images.take(train), images.take(held)


def write_held(path: Path, images: Images, validation: float, file: Path) -> None:
    """Writes the validation images, unchanged, to a zip with a folder per class, for `chorale evaluate`."""
    _, held = split_indices(images.labels.numpy(), _count(validation, len(images)))
    named = None if path.is_dir() and list(path.glob("data_batch_*")) else _named(path)
    with zipfile.ZipFile(file, "w") as archive:
        for i in held:
            folder = images.classes[images.labels[i]]
            if named:
                archive.writestr(f"{folder}/{i:06}-{named[i][0].split('/')[-1]}", named[i][1]())
            else:
                png = io.BytesIO()
                Image.fromarray(images.pixels[i].permute(1, 2, 0).numpy()).save(png, "PNG")
                archive.writestr(f"{folder}/{i:06}.png", png.getvalue())


def _count(validation: float, images: int) -> int:
    return round(validation if validation >= 1 else validation * images)


def split_indices(labels: np.ndarray, validation: int, seed: int = SPLIT_SEED) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    held = []
    for number in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == number))
        held.append(members[:round(validation * len(members) / len(labels))])
    held = np.sort(np.concatenate(held))
    return np.setdiff1d(np.arange(len(labels)), held), held


def augment(pixels: torch.Tensor, size: int, generator: torch.Generator, rotate: float = 0.25, degrees: float = 10.0,
            pad: float = 0.125, zoom: float = 0.2, color: float = 0.2) -> torch.Tensor:
    """Augments a batch of uint8 pixels and resizes it to size x size. Images are randomly flipped, shifted by up to `pad` of the side,
    cropped to at least 1 - `zoom` of it, and changed in brightness and contrast (`color`). A share `rotate` of the batches is
    rotated by up to `degrees`. Shifts are whole source pixels, so that they do not blur. The crop size is drawn per batch,
    everything else per image."""
    n, side, device = len(pixels), pixels.shape[-1], pixels.device

    def uniform(low: float, high: float) -> torch.Tensor:
        return (torch.rand(n, generator=generator) * (high - low) + low).to(device)

    x = pixels.float() / 127.5 - 1.0
    x = torch.where((uniform(0, 1) < 0.5)[:, None, None, None], x.flip(3), x)
    x = (x * (1 + uniform(-color, color))[:, None, None, None] + uniform(-color, color)[:, None, None, None]).clamp(-1, 1)
    if torch.rand(1, generator=generator).item() < rotate:
        angle = uniform(-degrees, degrees) * (np.pi / 180)
        cos, sin = torch.cos(angle), torch.sin(angle)
        rows = [torch.stack((cos, -sin, uniform(-pad, pad)), 1), torch.stack((sin, cos, uniform(-pad, pad)), 1)]
        target = min(size, side) if side > size else size
        x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True) if side > size else x
        grid = F.affine_grid(torch.stack(rows, 1), [n, 3, target, target], align_corners=False)
        x = F.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
        return x.contiguous(memory_format=torch.channels_last)
    edge = round(pad * side)
    crop = side - int(torch.randint(0, max(1, round(zoom * side)) + 1, (1,), generator=generator))
    x = F.pad(x, (edge,) * 4, mode="reflect").permute(0, 2, 3, 1)
    reach = side + 2 * edge - crop + 1
    rows = torch.randint(0, reach, (n, 1), generator=generator) + torch.arange(crop)
    columns = torch.randint(0, reach, (n, 1), generator=generator) + torch.arange(crop)
    x = x[torch.arange(n, device=device)[:, None, None], rows.to(device)[:, :, None], columns.to(device)[:, None, :]]
    x = x.permute(0, 3, 1, 2)
    return F.interpolate(x, size=(size, size), mode="bilinear", antialias=crop > size, align_corners=False).contiguous(
        memory_format=torch.channels_last)
