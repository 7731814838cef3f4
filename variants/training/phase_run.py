"""The training loop of one phase: module, optimizer, batches, checkpoint."""
from __future__ import annotations

import copy
import math
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from tqdm import tqdm

import measure
from front import Front
from model import Trunk
from side_by_side import Joint, Shared, loss_of
from teacher import Teacher

if TYPE_CHECKING:
    from train import Trainer

SEEN = ("teacher_size", "batch", "drawn", "rotate", "zoom", "color", "mixup", "again")  # keys that determine a teacher's output for a batch


class PhaseRun:
    """One run of a phase, for one network or for several on the same batches. Owns the trained module and its exponential moving
    average; reads and writes the trainer's networks, answers and work folder. Used once."""

    def __init__(self, trainer: Trainer, phase: dict, names: list[str], teacher: Teacher | None, label: str, seed: int):
        self.trainer, self.phase, self.names, self.teacher, self.label = trainer, phase, names, teacher, label
        self.nets = {n: trainer.nets[n] for n in names}
        specs = [trainer.specs[n] for n in names]
        self.sizes = [phase["size"] or spec.size for spec in specs][:1 if phase["kind"] == "shared" else None]
        self.weights = measure.scales(specs)
        self.generator, self.shuffle = torch.Generator().manual_seed(seed), np.random.default_rng(seed)
        self.own_batch = phase["batch"] - (round(phase["batch"] * phase["drawn"]) if trainer.drawn is not None else 0)
        self.steps = max(1, len(trainer.images) // self.own_batch)  # of one epoch
        self.total = max(1, round(self.steps * phase["epochs"]))
        self.interval = max(1, round(self.steps * phase["judge_every"]))
        self.cycle, self.course = round(self.steps * phase["again"]), trainer.recipe.get("seed", 1)
        self.order = np.empty(0, int)
        self.groups = trainer.groups
        self.said = trainer.groups.answers(trainer.work, len(trainer.images)) if self.groups and phase["distill"] else None
        self.step, self.spent, self.cpu, self.running = 0, 0.0, 0.0, 0.0
        self.build()

    def build(self) -> None:
        """Builds the module and its average as copies. The trainer's networks hold the averaged weights, which are validated and saved."""
        phase, device = self.phase, self.trainer.device
        for net in self.nets.values():
            for layer in net.modules():
                if isinstance(layer, torch.nn.Dropout):
                    layer.p = phase["dropout"]
        kind = Shared if phase["kind"] == "shared" else Joint
        self.module = kind(copy.deepcopy(self.nets)).to(device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.module).eval()
        self.averages, self.values = (list(m.state_dict().values()) for m in (self.average, self.module))
        self.before = [v.clone() for v in self.averages]
        decayed = [p for p in self.module.parameters() if p.ndim >= 2]
        plain = [p for p in self.module.parameters() if p.ndim < 2]
        self.optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": phase["decay"]},
                                            {"params": plain, "weight_decay": 0.0}], lr=phase["lr"])
        end = max(self.total, round(self.steps * phase["horizon"]))  # where the cosine reaches zero
        warm = max(1, round(end * phase["warmup"]))
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer,
            lambda s: (s + 1) / warm if s < warm else 0.5 * (1 + math.cos(math.pi * (s - warm) / max(1, end - warm))))

    def run(self) -> None:
        self.resume()
        fronts, forward = self.prepare()
        self.began, self.worked = time.monotonic(), time.process_time()
        bar = tqdm(total=self.total, initial=self.step, desc=self.label, mininterval=20, file=sys.stderr)
        while self.step < self.total:
            self.learn(*self.draw(fronts), forward)
            bar.update()
            if self.step == self.total:
                follow(self.averages, self.before, self.phase["share"])
            if self.step % self.interval == 0 or self.step == self.total:
                self.validate()
                self.checkpoint()
        bar.close()

    def resume(self) -> None:
        """Resumes from the work folder's checkpoint if it belongs to this phase and group."""
        file = self.trainer.work / "checkpoint.pt"
        saved = torch.load(file, map_location="cpu", weights_only=False) if file.exists() else {"label": None}
        if saved["label"] != self.label:
            return
        self.module.load_state_dict(saved["module"])
        self.average.load_state_dict(saved["average"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.schedule.load_state_dict(saved["schedule"])
        self.generator.set_state(saved["generator"])
        self.shuffle.bit_generator.state = saved["shuffle"]
        self.step, self.spent, self.cpu = saved["step"], saved["spent"], saved["cpu"]
        self.before = [v.to(self.trainer.device) for v in saved["before"]]

    def prepare(self) -> tuple[list[Front], torch.nn.Module]:
        """Sets layers to their training modes; returns the fixed front layers, if any, and the function of a step."""
        phase, fronts = self.phase, []
        if phase["front"]:
            fronts = [Front(self.trainer.nets[n].trunk, phase["front"], s) for n, s in zip(self.names, self.sizes)]
            for each in self.module.modules():
                if isinstance(each, Trunk):
                    each.first = phase["front"]
        compiled = phase["compile"] and hasattr(torch, "compile")
        forward = torch.compile(self.module, dynamic=False) if compiled else self.module
        self.module.train()
        if phase["frozen"]:
            for layer in self.module.modules():
                if isinstance(layer, torch.nn.BatchNorm2d):
                    layer.eval()
        return fronts, forward

    def draw(self, fronts: list[Front]) -> tuple[list[torch.Tensor], torch.Tensor, torch.Tensor | None]:
        """Returns the next batch at each size, its targets, and the teacher's probabilities."""
        place = self.step % self.cycle if self.cycle else self.step
        batch, generator, shuffle = self.indices(place)
        known = (self.phase["teacher"], *self.trainer.shown, self.course, *(self.phase[k] for k in SEEN), place)
        ask = self.teacher and known not in self.trainer.answers
        sizes = self.sizes + ([self.teacher.size] if ask else [])
        xs, target = self.trainer.batch(batch, self.phase, sizes, generator, shuffle)
        answer = self.teacher(xs.pop()) if ask else self.trainer.answers.get(known)
        if ask and self.cycle:
            self.trainer.answers[known] = answer
        taught = F.softmax(answer / self.phase["temperature"], 1) if self.teacher else None
        if self.groups:
            target, taught = self.grouped(batch, target)
        if self.cycle:  # repeated images are mirrored or moved; the teacher's output is reused
            xs = [again(x, self.phase["moved"], self.step, self.cycle) for x in xs]
        return [front(x) for front, x in zip(fronts, xs)] or xs, target, taught

    def grouped(self, batch: np.ndarray, target: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Converts targets of classes, and the reference's probabilities, to outputs of the network. The stored logits exist only for the
        training images; drawn images use their targets."""
        outputs = self.groups.outputs(self.names[0]).to(target.device)
        if not self.phase["distill"]:
            return target @ outputs, None
        said = F.softmax(self.said[batch].to(target.device) / self.phase["temperature"], 1)
        return target @ outputs, torch.cat([said, target[len(batch):]]) @ outputs

    def indices(self, place: int) -> tuple[np.ndarray, torch.Generator, np.random.Generator]:
        """Returns the training images of the batch, and the generators for everything else in it."""
        images = len(self.trainer.images)
        if self.cycle:  # all randomness of a batch follows from its place
            self.order = np.random.default_rng((self.course, 0, place // self.steps)).permutation(images)
            self.order = self.order[place % self.steps * self.own_batch:]
            self.shuffle = np.random.default_rng((self.course, 1, place))
            self.generator.manual_seed(int(self.shuffle.integers(2 ** 62)))
        elif len(self.order) < self.own_batch:
            self.order = (self.groups.order(self.names[0], self.trainer.images.labels, self.shuffle) if self.groups
                          else self.shuffle.permutation(images))
        batch, self.order = self.order[:self.own_batch], self.order[self.own_batch:]
        return batch, self.generator, self.shuffle

    def learn(self, xs: list[torch.Tensor], target: torch.Tensor, taught: torch.Tensor | None, forward: torch.nn.Module) -> None:
        """Takes one step of the optimizer, its schedule and the average."""
        with torch.autocast(torch.device(self.trainer.device).type, torch.bfloat16, enabled=self.phase["bf16"]):
            outputs = forward(*xs)
        loss = loss_of([o.float() for o in outputs], target, self.phase, self.weights, taught)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        self.schedule.step()
        self.step += 1
        follow(self.averages, self.values, min(self.phase["ema"], (1 + self.step) / (10 + self.step)))
        self.running += loss.item()

    def validate(self) -> None:
        """Copies the averaged weights to the trainer's networks and records their accuracy."""
        for own, mean in zip(self.nets.values(), self.average.states()):
            own.load_state_dict(mean)
        steps = (self.step - 1) % self.interval + 1
        row = {"phase": self.label, "epoch": round(self.step / self.steps, 2), "seconds": round(self.seconds()),
               "cpu_seconds": round(self.cpu_seconds()), "loss": round(self.running / steps, 4),
               **self.trainer.validate(self.average, self.phase, self.names, self.sizes)}
        self.running = 0.0
        self.trainer.record(row)

    def checkpoint(self) -> None:
        self.trainer.save(self.names)
        if self.cycle:
            torch.save(self.trainer.answers, self.trainer.heard)
        torch.save({"label": self.label, "module": self.module.state_dict(), "average": self.average.state_dict(),
                    "before": self.before, "optimizer": self.optimizer.state_dict(), "schedule": self.schedule.state_dict(),
                    "step": self.step, "generator": self.generator.get_state(), "shuffle": self.shuffle.bit_generator.state,
                    "spent": self.seconds(), "cpu": self.cpu_seconds()}, self.trainer.work / "checkpoint.pt")

    def seconds(self) -> float:
        return self.spent + time.monotonic() - self.began

    def cpu_seconds(self) -> float:
        return self.cpu + time.process_time() - self.worked


def again(x: torch.Tensor, moved: float, step: int, cycle: int) -> torch.Tensor:
    """Mirrors the images in every other cycle, and moves them by up to a share `moved` of their side, with repeated edges. Equal moves
    at each size."""
    if step // cycle % 2:
        x = x.flip(3)
    room = round(moved * x.shape[-1])
    if not room:
        return x
    down, right = (round(float(f) * 2 * room) for f in np.random.default_rng(step).random(2))
    return F.pad(x, (room,) * 4, mode="replicate")[..., down:down + x.shape[2], right:right + x.shape[3]]


@torch.no_grad()
def follow(averages: list[torch.Tensor], values: list[torch.Tensor], keep: float) -> None:
    """Updates exponential moving averages: average = keep * average + (1 - keep) * value. Integers are copied."""
    floating = [m for m in averages if m.is_floating_point()]
    torch._foreach_mul_(floating, keep)
    torch._foreach_add_(floating, [v for v in values if v.is_floating_point()], alpha=1 - keep)
    for mean, value in zip(averages, values):
        if not mean.is_floating_point():
            mean.copy_(value)
