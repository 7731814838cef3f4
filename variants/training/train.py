"""Trains a model set by a recipe (a TOML file of phases), with checkpoints.

    python train.py RECIPE.toml --data PATH --work FOLDER [--from FOLDER] [--device cpu|cuda] [--threads N] [--phases NAME ...]

Kinds of phase:
  shared    one trunk with the heads of all variants, at one small input size; afterwards each variant has its own copy
  separate  each variant separately, at the phase's input size or its own
  joint     all variants on each batch, each at its own input size: cross-entropy on each output plus a loss on the merged
            top-k output (Variant Parallelism, section III-B; weights 5:1, later 1:1.43), optionally with distillation
            from their mean or from a teacher such as the reference

recipe.py lists the keys of a phase. FOLDER gets <id>.pt (the averaged weights of each network so far), `progress.json` and
curves.csv (`seconds` of wall-clock time, `cpu_seconds` of processor time without pauses). An interrupted phase continues
after its last validation. `--from` is a folder of initial weights <id>.pt, such as the shipped model set's.
"""
from __future__ import annotations

import argparse
import csv
import json
import os
import shlex
import sys
import zlib
from pathlib import Path
from typing import Iterable

import numpy as np
import torch
import torch.nn.functional as F
from tqdm import tqdm

import classes
import data
import measure
from mistake import Mistake, run_cli
from model import Network, Spec
from phase_run import PhaseRun
from recipe import networks, phases, read
from side_by_side import predict
from slim import slim
from teacher import Teacher

SLIMMED_ON = 500  # training images for the fit of a slimmed network


class Trainer:
    """A runner of a recipe's phases. Owns the networks, the random generators and the work folder."""

    def __init__(self, recipe: dict, images: data.Images, held: data.Images, work: Path, device: str,
                 drawn: data.Images | None = None, drawn_held: data.Images | None = None):
        self.recipe, self.images, self.held, self.work, self.device = recipe, images, held, work, device
        self.drawn, self.drawn_held = drawn, drawn_held
        self.specs = {s.id: s for s in networks(recipe)}
        torch.manual_seed(recipe.get("seed", 1))
        self.groups = classes.Groups.read(work, images.classes) if "groups" in recipe else None
        self.nets = {i: classes.load(s, work) if self.groups else Network(s, len(images.classes)) for i, s in self.specs.items()}
        self.shown = [zlib.crc32(each.pixels.contiguous().numpy()) for each in (images, drawn) if each is not None]  # identifies the images in `answers`
        self.heard = work / "answers.pt"  # teachers' outputs for repeated batches (`again`)
        self.answers: dict[tuple, torch.Tensor] = torch.load(self.heard, map_location=device, weights_only=False) if self.heard.exists() else {}

    def load(self, folder: Path, names: Iterable[str]) -> list[str]:
        """Loads <id>.pt of these networks where it exists, and returns their names. Tensors of another shape (other classes) are not loaded."""
        found = []
        for name in names:
            file = folder / f"{name}.pt"
            if not file.exists():
                continue
            net = self.nets[name]
            own = net.state_dict()
            state = {k: v.to(own[k].dtype) for k, v in torch.load(file, map_location="cpu").items() if v.shape == own[k].shape}
            net.load_state_dict(state, strict=False)
            found.append(name)
            fresh = ", ".join(k for k in own if k not in state)
            print(f"{name}: weights from {file}" + (f"; new: {fresh}" if fresh else ""), flush=True)
        return found

    def run(self, only: tuple[str, ...] = ()) -> None:
        progress_file = self.work / "progress.json"
        done = json.loads(progress_file.read_text())["done"] if progress_file.exists() else []
        for phase in phases(self.recipe):
            if phase["name"] in done or (only and phase["name"] not in only):
                continue
            names = phase.get("variants", [Spec.parse(v).id for v in self.recipe["variants"]])
            groups = [[n] for n in names] if phase["kind"] == "separate" else [names]
            teacher = self.teacher(phase)
            for group in groups:
                self.train(phase, group, teacher)
            done.append(phase["name"])
            progress_file.write_text(json.dumps({"done": done}))

    def train(self, phase: dict, names: list[str], teacher: Teacher | None) -> None:
        """Trains one phase, for one network or for several on the same batches."""
        label = phase["name"] + ("" if len(names) > 1 else " " + names[0])
        seed = zlib.crc32(label.encode()) + self.recipe.get("seed", 1)
        torch.manual_seed(seed)
        if phase["slim"]:
            for name in names:
                self.begin(name, phase, seed)
        if any(known[0] in names for known in self.answers):  # a teacher is about to change: its cached outputs become stale
            self.answers = {known: answer for known, answer in self.answers.items() if known[0] not in names}
            torch.save(self.answers, self.heard)
        PhaseRun(self, phase, names, teacher, label, seed).run()

    def begin(self, name: str, phase: dict, seed: int) -> None:
        """Initializes a network from the wider one named by the phase (slim.py), except for the layers that the phase keeps."""
        before, net = self.nets[name], Network(self.specs[name], len(self.images.classes))
        for own, layer in zip(list(net.trunk)[:phase["keep"]], before.trunk):
            own.load_state_dict(layer.state_dict())
        seen = np.random.default_rng(seed).permutation(len(self.images))[:SLIMMED_ON]
        slim(self.nets[phase["slim"]].trunk, net.trunk, data.preprocess(self.images.pixels[seen], phase["size"] or self.specs[name].size),
             phase["keep"], seed)
        self.nets[name] = net

    def batch(self, indices, phase, sizes, generator, shuffle):
        """Returns augmented images, the same at each size, and their soft targets; includes the phase's share of drawn images."""
        parts, extra = [(self.images, indices)], phase["batch"] - len(indices)
        if extra > 0:
            parts.append((self.drawn, shuffle.integers(0, len(self.drawn), extra)))
        options = {k: phase[k] for k in ("rotate", "zoom", "color")}
        xs, state = [], generator.get_state()
        for size in sizes:
            generator.set_state(state)
            xs.append(torch.cat([data.augment(images.pixels[at].to(self.device), size, generator, **options) for images, at in parts]))
        count = len(self.images.classes)
        target = F.one_hot(torch.cat([images.labels[at] for images, at in parts]), count).float().to(self.device)
        target = target * (1 - phase["smoothing"]) + phase["smoothing"] / count
        if phase["mixup"]:
            share = float(shuffle.beta(phase["mixup"], phase["mixup"]))
            other = torch.from_numpy(shuffle.permutation(len(target)))
            xs = [share * x + (1 - share) * x[other] for x in xs]
            target = share * target + (1 - share) * target[other]
        return xs, target

    def teacher(self, phase: dict) -> Teacher | None:
        """Returns the phase's teacher; None without distillation, or if the variants' mean is the teacher."""
        name = phase["teacher"]
        if not phase["distill"] or name == "mean":  # with groups, the reference's logits are stored (classes.py)
            return None
        teacher = Teacher(self.nets[name], phase["teacher_size"] or self.specs[name].size, self.device)
        images = judged(self.held, phase)
        answers, = predict(lambda x: [teacher(x)], images, [teacher.size], self.device)
        print(f"teacher of {phase['name']}: {name} at {teacher.size}x{teacher.size}, right for"
              f" {measure.accuracy(answers, images.labels):.1%} of {len(images)} validation images", flush=True)
        return teacher

    def validate(self, module: torch.nn.Module, phase: dict, names: list[str], sizes: list[int]) -> dict:
        """Measures the accuracy of each variant and of their fusion on the validation split (or `judged` of its images), and both on
        drawn validation images."""
        row = {}
        for prefix, images in (("", self.held), ("drawn ", self.drawn_held)):
            if images is None:
                continue
            images = judged(images, phase)
            votes = predict(module, images, sizes, self.device)
            row.update({prefix + n: round(measure.accuracy(v, self.labels(n, images)), 4) for n, v in zip(names, votes)})
            if len(names) > 1:
                fused = measure.fuse(votes, measure.scales([self.specs[n] for n in names]))
                row[prefix + "fused"] = round(measure.accuracy(fused, images.labels), 4)
        return row

    def labels(self, name: str, images: data.Images) -> torch.Tensor:
        """Returns the right output for each image: its class, or its place in a group."""
        return self.groups.labels(name, images.labels) if self.groups else images.labels

    def record(self, row: dict) -> None:
        tqdm.write(json.dumps(row))  # print would break a progress bar
        sys.stdout.flush()
        file = self.work / "curves.csv"
        fresh = not file.exists()
        columns = ["phase", "epoch", "seconds", "cpu_seconds", "loss", *self.specs, "fused", *(f"drawn {n}" for n in self.specs), "drawn fused"]
        with file.open("a", newline="") as out:
            writer = csv.DictWriter(out, columns)
            if fresh:
                writer.writeheader()
            writer.writerow(row)

    def save(self, names: list[str]) -> None:
        for name in names:
            file = self.work / f"{name}.pt"
            torch.save({k: v.cpu() for k, v in self.nets[name].state_dict().items()}, file.with_suffix(".tmp"))
            file.with_suffix(".tmp").replace(file)


def judged(images: data.Images, phase: dict) -> data.Images:
    """Returns the validation images of a phase."""
    few = phase["judged"] and len(images) > phase["judged"]
    return images.take(np.linspace(0, len(images) - 1, phase["judged"]).astype(int)) if few else images


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder or zip with one folder per class")
    parser.add_argument("--work", type=Path, required=True, help="folder for weights, checkpoints and curves")
    parser.add_argument("--from", dest="start", type=Path, help="folder of initial weights <id>.pt")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--phases", nargs="*", default=(), help="run these phases only, for example one process per core, each with its own --work")
    options = parser.parse_args()
    torch.set_num_threads(options.threads or len(os.sched_getaffinity(0)))
    recipe = read(options.recipe)
    names = [phase["name"] for phase in phases(recipe)]
    strange = [name for name in options.phases if name not in names]
    if strange:
        raise Mistake(f"--phases {strange}: not in {options.recipe}; allowed are {names}")
    options.work.mkdir(parents=True, exist_ok=True)
    images, held = data.split(data.read(options.data, recipe.get("side", 32)), recipe.get("validation", 5000))
    images = classes.used(images, recipe) if "groups" in recipe else images
    print(f"{len(images)} training and {len(held)} validation images of {len(images.classes)} classes", flush=True)
    drawn = drawn_held = None
    if "drawn" in recipe:
        import draw
        drawn, drawn_held = draw.images(images.classes, recipe["drawn"])
    trainer = Trainer(recipe, images, held, options.work, options.device, drawn, drawn_held)
    known = trainer.load(options.work, trainer.nets)
    if options.start and not (options.work / "progress.json").exists():
        found = trainer.load(options.start, [n for n in trainer.nets if n not in known])
        known += found
        if not known:
            raise Mistake(f"--from {options.start}: contains none of {', '.join(f'{n}.pt' for n in trainer.nets)}")
        trainer.save(found)  # also networks without a phase
    for name in trainer.nets:
        if name not in known:
            print(f"{name}: random weights", flush=True)
    trainer.run(options.phases)
    if not options.phases:
        own = " ".join(shlex.quote(str(each)) for each in ("export.py", options.recipe, "--data", options.data, "--work", options.work))
        print(f"trained; next: {own} --out {shlex.quote(str(options.work.parent / 'set'))} --held {shlex.quote(str(options.work.parent / 'held.zip'))}")


if __name__ == "__main__":
    run_cli(main)
