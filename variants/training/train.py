"""Trains a model set by a recipe: a TOML file of phases, run one after another, each able to resume.

    python train.py RECIPE.toml --data PATH --work FOLDER [--from FOLDER] [--device cpu|cuda] [--threads N] [--phases NAME ...]

Kinds of phase:
  shared    one trunk with every variant's head on it, at one small input; afterwards each variant owns a copy
  separate  each variant by itself, at the phase's input or its own
  joint     all variants on each batch, each at its own input: cross-entropy on each output plus a loss on the merged
            top-k output (Variant Parallelism, section III-B; weights 5:1, later 1:1.43), and optionally distillation
            from the mean of all of them or from a teacher, such as the reference

recipe.py has what a phase may say. FOLDER gets <id>.pt (the averaged weights of each network so far), `progress.json` and
curves.csv (`seconds` on the clock, `cpu_seconds` of work, which a pause does not count in); an interrupted phase goes on
after its last validation. `--from` starts from another folder's <id>.pt, such as the committed model set's.
"""
from __future__ import annotations

import argparse
import copy
import csv
import json
import math
import os
import sys
import time
import zlib
from pathlib import Path
from typing import Iterable

import numpy as np
import torch
import torch.nn.functional as F
from tqdm import tqdm

import data
import measure
from front import Front
from mistake import Mistake, run_cli
from model import Network, Spec, Trunk
from recipe import networks, phases, read
from side_by_side import Joint, Shared, loss_of, predict
from slim import slim
from teacher import Teacher

SEEN = ("teacher_size", "batch", "drawn", "rotate", "zoom", "colour", "mixup", "again")  # what a teacher's answers to a batch depend on
SLIMMED_ON = 500  # training images that a slimmed network is fitted on


class Trainer:
    """Runs the phases of one recipe. Owns the networks, the random generators and the work folder."""

    def __init__(self, recipe: dict, images: data.Images, held: data.Images, work: Path, device: str,
                 drawn: data.Images | None = None, drawn_held: data.Images | None = None):
        self.recipe, self.images, self.held, self.work, self.device = recipe, images, held, work, device
        self.drawn, self.drawn_held = drawn, drawn_held
        self.specs = {s.id: s for s in networks(recipe)}
        torch.manual_seed(recipe.get("seed", 1))
        self.nets = {i: Network(s, len(images.classes)) for i, s in self.specs.items()}
        self.shown = [zlib.crc32(each.pixels.contiguous().numpy()) for each in (images, drawn) if each is not None]  # tells pictures from others
        self.heard = work / "answers.pt"  # what teachers said of batches that come again (`again`)
        self.answers: dict[tuple, torch.Tensor] = torch.load(self.heard, map_location=device, weights_only=False) if self.heard.exists() else {}

    def load(self, folder: Path, names: Iterable[str]) -> list[str]:
        """Takes <id>.pt of each of these networks that has one, and names those; tensors of another shape (other classes) stay as they are."""
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
        """One phase for one network, or for several that share batches."""
        label = phase["name"] + ("" if len(names) > 1 else " " + names[0])
        seed = zlib.crc32(label.encode()) + self.recipe.get("seed", 1)
        torch.manual_seed(seed)
        if phase["slim"]:
            for name in names:
                self.begin(name, phase, seed)
        nets = {n: self.nets[n] for n in names}
        for net in nets.values():
            for layer in net.modules():
                if isinstance(layer, torch.nn.Dropout):
                    layer.p = phase["dropout"]
        sizes = [phase["size"] or self.specs[n].size for n in names]
        weights = measure.scales([self.specs[n] for n in names])
        if phase["kind"] == "shared":
            sizes = sizes[:1]
        # trained on a copy: the trainer's own networks hold the averaged weights, those that are validated and saved
        module = (Shared if phase["kind"] == "shared" else Joint)(copy.deepcopy(nets)).to(self.device, memory_format=torch.channels_last)
        generator, shuffle = torch.Generator().manual_seed(seed), np.random.default_rng(seed)
        average = copy.deepcopy(module).eval()
        averages, values = (list(m.state_dict().values()) for m in (average, module))
        before = [v.clone() for v in averages]
        plain = [p for p in module.parameters() if p.ndim < 2]
        optimizer = torch.optim.AdamW([{"params": [p for p in module.parameters() if p.ndim >= 2], "weight_decay": phase["decay"]},
                                       {"params": plain, "weight_decay": 0.0}], lr=phase["lr"])
        own_batch = phase["batch"] - (round(phase["batch"] * phase["drawn"]) if self.drawn is not None else 0)
        steps = max(1, len(self.images) // own_batch)
        total = max(1, round(steps * phase["epochs"]))
        interval = max(1, round(steps * phase["judge_every"]))
        end = max(total, round(steps * phase["horizon"]))  # where the cosine would reach zero: later, if a phase is cut short
        warm = max(1, round(end * phase["warmup"]))
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: (s + 1) / warm if s < warm else
                                                     0.5 * (1 + math.cos(math.pi * (s - warm) / max(1, end - warm))))
        step, spent, cpu, checkpoint = 0, 0.0, 0.0, self.work / "checkpoint.pt"
        if checkpoint.exists():
            saved = torch.load(checkpoint, map_location="cpu", weights_only=False)
            if saved["label"] == label:
                module.load_state_dict(saved["module"]), average.load_state_dict(saved["average"])
                optimizer.load_state_dict(saved["optimizer"]), schedule.load_state_dict(saved["schedule"])
                generator.set_state(saved["generator"])
                shuffle.bit_generator.state = saved["shuffle"]
                step, spent, cpu = saved["step"], saved["spent"], saved["cpu"]
                before = [v.to(self.device) for v in saved["before"]]
        cycle, course = round(steps * phase["again"]), self.recipe.get("seed", 1)
        if any(known[0] in names for known in self.answers):  # the teacher learns: what it said is out of date
            self.answers = {known: answer for known, answer in self.answers.items() if known[0] not in names}
            torch.save(self.answers, self.heard)
        fronts = []
        if phase["front"]:
            fronts = [Front(self.nets[n].trunk, phase["front"], s) for n, s in zip(names, sizes)]
            for each in module.modules():
                if isinstance(each, Trunk):
                    each.first = phase["front"]
        forward = torch.compile(module, dynamic=False) if phase["compile"] and hasattr(torch, "compile") else module
        order, began, worked = np.empty(0, int), time.monotonic(), time.process_time()
        module.train()
        if phase["frozen"]:
            for layer in module.modules():
                if isinstance(layer, torch.nn.BatchNorm2d):
                    layer.eval()
        running = 0.0
        bar = tqdm(total=total, initial=step, desc=label, mininterval=20, file=sys.stderr)
        while step < total:
            place = step % cycle if cycle else step
            if cycle:  # everything that is drawn for a batch follows from its place
                order = np.random.default_rng((course, 0, place // steps)).permutation(len(self.images))[place % steps * own_batch:]
                shuffle = np.random.default_rng((course, 1, place))
                generator.manual_seed(int(shuffle.integers(2 ** 62)))
            elif len(order) < own_batch:
                order = shuffle.permutation(len(self.images))
            batch, order = order[:own_batch], order[own_batch:]
            known = (phase["teacher"], *self.shown, course, *(phase[k] for k in SEEN), place)
            ask = teacher and known not in self.answers
            xs, target = self.batch(batch, phase, sizes + ([teacher.size] if ask else []), generator, shuffle)
            answer = teacher(xs.pop()) if ask else self.answers.get(known)
            if ask and cycle:
                self.answers[known] = answer
            taught = F.softmax(answer / phase["temperature"], 1) if teacher else None
            if cycle:  # what comes again comes in another way, of which a teacher says the same
                xs = [again(x, phase["moved"], step, cycle) for x in xs]
            xs = [front(x) for front, x in zip(fronts, xs)] or xs
            with torch.autocast(torch.device(self.device).type, torch.bfloat16, enabled=phase["bf16"]):
                outputs = forward(*xs)
            loss = loss_of([o.float() for o in outputs], target, phase, weights, taught)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            step += 1
            follow(averages, values, min(phase["ema"], (1 + step) / (10 + step)))
            running += loss.item()
            bar.update()
            if step == total:
                follow(averages, before, phase["share"])
            if step % interval == 0 or step == total:
                for own, mean in zip(nets.values(), average.states()):
                    own.load_state_dict(mean)
                row = {"phase": label, "epoch": round(step / steps, 2), "seconds": round(spent + time.monotonic() - began),
                       "cpu_seconds": round(cpu + time.process_time() - worked),
                       "loss": round(running / ((step - 1) % interval + 1), 4), **self.validate(average, phase, names, sizes)}
                running = 0.0
                self.record(row)
                self.save(names)
                if cycle:
                    torch.save(self.answers, self.heard)
                torch.save({"label": label, "module": module.state_dict(), "average": average.state_dict(),
                            "before": before, "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(), "step": step,
                            "generator": generator.get_state(), "shuffle": shuffle.bit_generator.state,
                            "spent": spent + time.monotonic() - began, "cpu": cpu + time.process_time() - worked}, checkpoint)
        bar.close()

    def begin(self, name: str, phase: dict, seed: int) -> None:
        """Begins a network anew, but for the layers that the phase keeps, as what it can keep of the network that the phase names (slim.py)."""
        before, net = self.nets[name], Network(self.specs[name], len(self.images.classes))
        for own, layer in zip(list(net.trunk)[:phase["keep"]], before.trunk):
            own.load_state_dict(layer.state_dict())
        seen = np.random.default_rng(seed).permutation(len(self.images))[:SLIMMED_ON]
        slim(self.nets[phase["slim"]].trunk, net.trunk, data.preprocess(self.images.pixels[seen], phase["size"] or self.specs[name].size),
             phase["keep"], seed)
        self.nets[name] = net

    def batch(self, indices, phase, sizes, generator, shuffle):
        """Augmented images, the same ones at each size, and their soft targets; drawn pictures join at the phase's share."""
        parts, extra = [(self.images, indices)], phase["batch"] - len(indices)
        if extra > 0:
            parts.append((self.drawn, shuffle.integers(0, len(self.drawn), extra)))
        options = {k: phase[k] for k in ("rotate", "zoom", "colour")}
        xs, state = [], generator.get_state()
        for size in sizes:
            generator.set_state(state)
            xs.append(torch.cat([data.augment(images.pixels[at].to(self.device), size, generator, **options) for images, at in parts]))
        classes = len(self.images.classes)
        target = F.one_hot(torch.cat([images.labels[at] for images, at in parts]), classes).float().to(self.device)
        target = target * (1 - phase["smoothing"]) + phase["smoothing"] / classes
        if phase["mixup"]:
            share = float(shuffle.beta(phase["mixup"], phase["mixup"]))
            other = torch.from_numpy(shuffle.permutation(len(target)))
            xs = [share * x + (1 - share) * x[other] for x in xs]
            target = share * target + (1 - share) * target[other]
        return xs, target

    def teacher(self, phase: dict) -> Teacher | None:
        """The phase's teacher; none where nothing is distilled, or where it is the variants' own mean."""
        name = phase["teacher"]
        if not phase["distil"] or name == "mean":
            return None
        teacher = Teacher(self.nets[name], phase["teacher_size"] or self.specs[name].size, self.device)
        images = judged(self.held, phase)
        answers, = predict(lambda x: [teacher(x)], images, [teacher.size], self.device)
        print(f"{name} teaches {phase['name']} at {teacher.size}x{teacher.size}, where it is right about"
              f" {measure.accuracy(answers, images.labels):.1%} of {len(images)} validation images", flush=True)
        return teacher

    def validate(self, module: torch.nn.Module, phase: dict, names: list[str], sizes: list[int]) -> dict:
        """Accuracy of each variant on the validation split (or `judged` of its images), of their fusion, and both on drawn
        validation pictures."""
        row = {}
        for prefix, images in (("", self.held), ("drawn ", self.drawn_held)):
            if images is None:
                continue
            images = judged(images, phase)
            votes = predict(module, images, sizes, self.device)
            row.update({prefix + n: round(measure.accuracy(v, images.labels), 4) for n, v in zip(names, votes)})
            if len(names) > 1:
                fused = measure.fuse(votes, measure.scales([self.specs[n] for n in names]))
                row[prefix + "fused"] = round(measure.accuracy(fused, images.labels), 4)
        return row

    def record(self, row: dict) -> None:
        print(json.dumps(row), flush=True)
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
    """The images that a phase is judged on."""
    few = phase["judged"] and len(images) > phase["judged"]
    return images.take(np.linspace(0, len(images) - 1, phase["judged"]).astype(int)) if few else images


def again(x: torch.Tensor, moved: float, step: int, cycle: int) -> torch.Tensor:
    """The pictures as they come at this step: every other time around as in a mirror, and moved by up to that share of their
    side, to where the edge is repeated. The same at each size."""
    if step // cycle % 2:
        x = x.flip(3)
    room = round(moved * x.shape[-1])
    if not room:
        return x
    down, right = (round(float(f) * 2 * room) for f in np.random.default_rng(step).random(2))
    return F.pad(x, (room,) * 4, mode="replicate")[..., down:down + x.shape[2], right:right + x.shape[3]]


@torch.no_grad()
def follow(averages: list[torch.Tensor], values: list[torch.Tensor], keep: float) -> None:
    """Moves exponential averages towards the values; what is counted in whole numbers is copied."""
    floating = [m for m in averages if m.is_floating_point()]
    torch._foreach_mul_(floating, keep)
    torch._foreach_add_(floating, [v for v in values if v.is_floating_point()], alpha=1 - keep)
    for mean, value in zip(averages, values):
        if not mean.is_floating_point():
            mean.copy_(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder or zip with one folder a class")
    parser.add_argument("--work", type=Path, required=True, help="where weights, checkpoints and curves go")
    parser.add_argument("--from", dest="start", type=Path, help="folder of <id>.pt to start from")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--phases", nargs="*", default=(), help="run these alone, such as one process a core, each with a --work of its own")
    options = parser.parse_args()
    torch.set_num_threads(options.threads or len(os.sched_getaffinity(0)))
    recipe = read(options.recipe)
    names = [phase["name"] for phase in phases(recipe)]
    strange = [name for name in options.phases if name not in names]
    if strange:
        raise Mistake(f"--phases {strange}: not in {options.recipe}; allowed are {names}")
    options.work.mkdir(parents=True, exist_ok=True)
    images, held = data.split(data.read(options.data, recipe.get("side", 32)), recipe.get("validation", 5000))
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
            raise Mistake(f"--from {options.start}: none of {', '.join(f'{n}.pt' for n in trainer.nets)} is there")
        trainer.save(found)  # also those that no phase trains
    for name in trainer.nets:
        if name not in known:
            print(f"{name}: random weights", flush=True)
    trainer.run(options.phases)


if __name__ == "__main__":
    run_cli(main)
