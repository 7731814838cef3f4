"""Prunes a reference network into one network per group of classes (class parallelism; Wang et al., "sensAI:
ConvNets Decomposition via Class Parallelism for Fast Inference on Live Data", MLSys 2021).

    python classes.py RECIPE.toml --data PATH --work FOLDER --from FOLDER [--threads N]

`--from` is the folder with the reference's weights (<id>.pt). FOLDER gets `groups.json` (the classes of each network), <id>.pt
(pruned, for `train.py`) and `logits.pt` (the reference's logits for every training image, computed once for the distillation of
all groups). The recipe's table `[groups]`:

  reference  the network to prune, such as "reference"
  pruning    "faithful": removes channels inside a bottleneck that the group's images hardly activate, by sensAI's thresholds.
             "budget": keeps a share of the channels inside each bottleneck and of the last convolution: those that together
             best predict the layer's output (slim.py)
  keep       "budget" only: that share, rounded up to a multiple of 8 channels
  images     number of training images, the same share of each class; default: all

Groups have equal sizes and come from k-means of the classes' mean penultimate features. A bottleneck's expansion and its depth-wise
filters keep the same channels; the stem and the outputs of bottlenecks keep their width. Outputs are "other" and then the group's
classes; in training, every output is drawn equally often.
"""
from __future__ import annotations

import argparse
import json
import math
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

import data
import runtime
from mistake import Mistake, run_cli
from model import Network, Spec, macs_of, params_of
from recipe import networks, read
from slim import fit, forward_selection, slim

ANSWERS = "logits.pt"
FITTED_ON = 6000  # training images for the choice of channels of the last convolution
PRUNED_ON = 200  # training images for the choice of channels inside bottlenecks
NEAR_ZERO, MOSTLY, MEAN = 0.005, 0.73, 0.01  # sensAI's thresholds, section 4.1
RESTARTS = 50


@dataclass(frozen=True)
class Groups:
    """The classes, by index, of each network. Its outputs are "other", then its classes in this order."""

    members: dict[str, list[int]]

    @staticmethod
    def read(work: Path, classes: list[str]) -> "Groups":
        """
        :raises Mistake: the file is missing, or its classes differ
        """
        file = work / "groups.json"
        if not file.exists():
            raise Mistake(f"{file}: no such file; the recipe has [groups], so run classes.py first, with the same --work")
        named = json.loads(file.read_text())
        if sorted(c for group in named.values() for c in group) != sorted(classes):
            raise Mistake(f"{file}: its classes are not {', '.join(classes)}; run classes.py again")
        return Groups({name: [classes.index(c) for c in group] for name, group in named.items()})

    def write(self, work: Path, classes: list[str]) -> None:
        (work / "groups.json").write_text(json.dumps(self.named(classes), indent=1) + "\n")

    def named(self, classes: list[str]) -> dict[str, list[str]]:
        return {name: [classes[c] for c in group] for name, group in self.members.items()}

    def outputs(self, name: str) -> torch.Tensor:
        """Returns the 0/1 matrix [C, k+1] that maps probabilities of classes to outputs of a network."""
        group = self.members[name]
        places = torch.zeros(sum(map(len, self.members.values())), dtype=torch.int64)
        places[group] = torch.arange(1, len(group) + 1)
        return nn.functional.one_hot(places, len(group) + 1).float()

    def labels(self, name: str, labels: torch.Tensor) -> torch.Tensor:
        return self.outputs(name).argmax(1)[labels]

    def order(self, name: str, labels: torch.Tensor, shuffle: np.random.Generator) -> np.ndarray:
        """Returns N image indices (N: number of images), chosen so that every output occurs equally often. Images of the group's
        classes repeat."""
        own = self.labels(name, labels).numpy()
        outputs = len(self.members[name]) + 1
        each = [np.flatnonzero(own == output) for output in range(outputs)]
        share = -(-len(own) // outputs)
        drawn = [np.concatenate([shuffle.permutation(at) for _ in range(-(-share // len(at)))])[:share] for at in each]
        return shuffle.permutation(np.concatenate(drawn))[:len(own)]

    def answers(self, work: Path, images: int) -> torch.Tensor:
        """Reads the reference's logits [N, C] for the training images.

        :raises Mistake: the number of images differs
        """
        logits = torch.load(work / ANSWERS)
        if len(logits) != images:
            raise Mistake(f"{work / ANSWERS}: contains logits of {len(logits)} images, but there are {images} training images; run classes.py again")
        return logits

    def join(self, answers: list[torch.Tensor]) -> torch.Tensor:
        """Joins the probabilities [N, k+1] of the networks, in the order of the groups and without "other", to [N, C]."""
        joined = torch.zeros(len(answers[0]), sum(map(len, self.members.values())))
        for answer, group in zip(answers, self.members.values()):
            joined[:, group] = answer[:, 1:]
        return joined


def groups_of(means: np.ndarray, names: list[str], seed: int = 0) -> Groups:
    """Finds equal groups with the least sum of squared distances of classes' features [C, F] to their group's mean: k-means with
    swaps of two classes instead of moves of one. Groups and their classes are sorted by index.

    :raises Mistake: the classes cannot be divided equally
    """
    count = len(means)
    if count % len(names):
        raise Mistake(f"{count} classes cannot be divided equally among {len(names)} networks")
    apart = ((means[:, None] - means[None]) ** 2).sum(2)  # a group's sum of squares = that of its pairs / its size
    rng, best, least = np.random.default_rng(seed), None, math.inf
    for _ in range(RESTARTS):
        group, better = rng.permutation(count) % len(names), True
        while better:
            better = False
            for a, b in np.argwhere(group[:, None] < group[None]):
                cost = within(apart, group)
                group[[a, b]] = group[[b, a]]
                if within(apart, group) < cost - 1e-9 * apart.max():
                    better = True
                else:
                    group[[a, b]] = group[[b, a]]
        if within(apart, group) < least - 1e-9 * apart.max():
            best, least = group.copy(), within(apart, group)
    members = sorted(np.flatnonzero(best == g).tolist() for g in range(len(names)))
    return Groups(dict(zip(names, members)))


def within(apart: np.ndarray, group: np.ndarray) -> float:
    return float(apart[group[:, None] == group[None]].sum())


class Features(nn.Module):
    """The penultimate features of a reference: the input of its classifier."""

    def __init__(self, net: Network):
        super().__init__()
        self.trunk, self.conv = net.trunk, net.head.conv

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.conv(self.trunk(x)).mean(dim=(2, 3))


def fitting(spec: Spec, state: dict[str, torch.Tensor]) -> Network:
    """Returns a network with these weights, and their widths inside bottlenecks."""
    filters = [state[key] for key in state if key.endswith(".0.weight") and state[key].ndim == 4 and state[key].shape[1] == 1]
    net = Network(spec, len(state["head.linear.bias"]), inner=[len(each) for each in filters], end=len(state["head.conv.0.weight"]))
    net.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()})
    return net


def load(spec: Spec, folder: Path) -> Network:
    return fitting(spec, torch.load(folder / f"{spec.id}.pt", map_location="cpu"))


@torch.no_grad()
def faithful(wide: Network, images: torch.Tensor, features: torch.Tensor, logits: torch.Tensor) -> Network:
    """Removes channels inside bottlenecks whose depth-wise filters give almost no output for `images` (preprocessed): at least a share
    MOSTLY near zero, and a small mean. It removes the least active channels first and keeps a multiple of 8. The classifier is fitted
    to give `logits` [N, k+1] for the `features` [N, F] of the group's training images."""
    kept = []
    y = wide.trunk[0](images)
    for block in list(wide.trunk)[1:]:
        inner = block.body[:-1](y).abs()
        mean, idle = inner.mean((0, 2, 3)), (inner <= NEAR_ZERO).float().mean((0, 2, 3))
        need = int(((idle < MOSTLY) | (mean >= MEAN)).sum())
        full = len(mean) if len(block.body) == 2 else min(len(mean), max(8, -(-need // 8) * 8))
        kept.append(mean.argsort(descending=True)[:full].sort().values)
        y = block(y)
    state = wide.state_dict()
    for i, at in enumerate(kept, 1):
        last = len(wide.trunk[i].body) - 1
        for part in range(last):
            for key in [k for k in state if k.startswith(f"trunk.{i}.body.{part}.") and state[k].ndim]:
                state[key] = state[key][at]
        key = f"trunk.{i}.body.{last}.0.weight"
        state[key] = state[key][:, at]
    weight, state["head.linear.bias"] = fit(features, logits)
    state["head.linear.weight"] = weight.T
    return fitting(wide.spec, state)


@torch.no_grad()
def budget(wide: Network, images: torch.Tensor, features: torch.Tensor, logits: torch.Tensor, keep: float, seed: int) -> Network:
    """Keeps a share of the channels inside each bottleneck and of the last convolution. For the latter, `features` [N, F] of the
    group's training images must best predict `logits` [N, k+1]."""
    def stay(channels: int) -> int:
        return min(channels, 8 * math.ceil(channels * keep / 8 - 1e-9))

    inner = [block.body[-1][0].in_channels for block in list(wide.trunk)[1:]]
    net = Network(wide.spec, logits.shape[1], inner=[inner[0], *map(stay, inner[1:])], end=stay(features.shape[1]))
    slim(wide.trunk, net.trunk, images, seed=seed)
    kept = forward_selection(features, logits, net.head.linear.in_features)
    state = wide.head.conv.state_dict()
    net.head.conv.load_state_dict({k: v[kept] if v.ndim else v for k, v in state.items()})
    weight, bias = fit(features[:, kept], logits)
    net.head.linear.weight.copy_(weight.T), net.head.linear.bias.copy_(bias)
    return net


def used(images: data.Images, recipe: dict) -> data.Images:
    """Returns the training images of a recipe with groups."""
    count = recipe["groups"].get("images", len(images))
    if count >= len(images):
        return images
    _, chosen = data.split_indices(images.labels.numpy(), count, recipe.get("seed", 1))
    return images.take(chosen)


def prune(recipe: dict, images: data.Images, start: Path, work: Path) -> Groups:
    """Groups the classes, prunes a network per group, and stores the reference's logits. `images`: the training images."""
    told, seed = recipe["groups"], recipe.get("seed", 1)
    spec = Spec.parse(told["reference"])
    wide = load(spec, start).eval()
    run = runtime.fixed(Features(wide), spec.size)
    features = torch.cat([run(data.preprocess(part, spec.size)) for part in tqdm(images.pixels.split(50), desc=spec.id, mininterval=20)])
    with torch.no_grad():
        logits = wide.head.linear(features)
    torch.save(logits, work / ANSWERS)
    means = torch.stack([features[images.labels == c].mean(0) for c in range(len(images.classes))])
    groups = groups_of(means.double().numpy(), [s.id for s in networks(recipe)], seed)
    groups.write(work, images.classes)
    for i, own in enumerate(networks(recipe)):
        drawn = groups.order(own.id, images.labels, np.random.default_rng((seed, i)))
        fitted = drawn[:FITTED_ON]
        wanted = torch.log(torch.softmax(logits[fitted], 1) @ groups.outputs(own.id) + 1e-6)
        if told["pruning"] == "faithful":
            of_group = drawn[groups.labels(own.id, images.labels)[drawn] > 0]
            net = faithful(wide, data.preprocess(images.pixels[of_group[:PRUNED_ON]], spec.size), features[fitted], wanted)
        else:
            seen = data.preprocess(images.pixels[drawn[:PRUNED_ON]], spec.size)
            net = budget(wide, seen, features[fitted], wanted, told["keep"], seed)
        torch.save(net.state_dict(), work / f"{own.id}.pt")
        print(f"{own.id}: {', '.join(groups.named(images.classes)[own.id])}; {macs_of(wide) / macs_of(net):.2f} times fewer MACs,"
              f" {params_of(wide) / params_of(net):.2f} times fewer parameters", flush=True)
    return groups


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder or zip with one folder per class")
    parser.add_argument("--work", type=Path, required=True, help="folder for groups, pruned weights and the reference's logits")
    parser.add_argument("--from", dest="start", type=Path, required=True, help="folder with the reference's weights")
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads or len(os.sched_getaffinity(0)))
    recipe = read(options.recipe)
    images, _ = data.split(data.read(options.data, recipe.get("side", 32)), recipe.get("validation", 5000))
    options.work.mkdir(parents=True, exist_ok=True)
    prune(recipe, used(images, recipe), options.start, options.work)


if __name__ == "__main__":
    run_cli(main)
