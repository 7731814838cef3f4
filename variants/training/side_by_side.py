"""Several networks trained on the same batches, as one module with one loss."""
from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F

import data
import measure
from model import Network


class Shared(torch.nn.Module):
    """One trunk with the heads of all variants, for `shared` phases."""

    def __init__(self, nets: dict[str, Network]):
        super().__init__()
        self.trunk = next(iter(nets.values())).trunk
        self.heads = torch.nn.ModuleList([n.head for n in nets.values()])

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        features = self.trunk(x)
        return [head(features) for head in self.heads]

    def states(self) -> list[dict]:
        """Returns the state of each variant as a separate network."""
        trunk = {f"trunk.{k}": v for k, v in self.trunk.state_dict().items()}
        return [{**trunk, **{f"head.{k}": v for k, v in h.state_dict().items()}} for h in self.heads]


class Joint(torch.nn.Module):
    """Separate variants: takes one batch per input size (or one for all), returns one output per variant."""

    def __init__(self, nets: dict[str, Network]):
        super().__init__()
        self.nets = torch.nn.ModuleList(nets.values())

    def forward(self, *x: torch.Tensor) -> list[torch.Tensor]:
        return [net(x[i if len(x) > 1 else 0]) for i, net in enumerate(self.nets)]

    def states(self) -> list[dict]:
        return [net.state_dict() for net in self.nets]


def loss_of(outputs: list[torch.Tensor], target: torch.Tensor, phase: dict, weights: list[float],
            teacher: torch.Tensor | None) -> torch.Tensor:
    """Returns the cross-entropy of each output, plus the losses of the merged output and of distillation where configured."""
    own = sum(-(target * F.log_softmax(o, 1)).sum(1).mean() for o in outputs) / len(outputs)
    total, scale = own, 1.0
    each, merged = phase["merged"]
    if merged and len(outputs) > 1:
        fused = measure.fuse([F.softmax(o, 1) for o in outputs], weights, phase["k"])
        total = each * own - merged * (target * torch.log(fused + 1e-3)).sum(1).mean()
        scale = each + merged
    if phase["distill"]:
        t = phase["temperature"]
        if teacher is None:
            teacher = torch.stack([F.softmax(o.detach() / t, 1) for o in outputs]).mean(0)
        total = total + scale * phase["distill"] * t * t * sum(
            F.kl_div(F.log_softmax(o / t, 1), teacher, reduction="batchmean") for o in outputs) / len(outputs)
    return total / scale


@torch.no_grad()
def predict(module: Callable[..., list[torch.Tensor]], images: data.Images, sizes: list[int], device: str, batch: int = 100) -> list[torch.Tensor]:
    """Returns the probabilities [N, C] of each network for plain images, preprocessed as by workers. The module returns a list of logits."""
    parts = []
    for i in range(0, len(images), batch):
        pixels = images.pixels[i:i + batch].to(device)
        xs = [data.preprocess(pixels, s).contiguous(memory_format=torch.channels_last) for s in sizes]
        parts.append([F.softmax(o.float(), 1).cpu() for o in module(*xs)])
    return [torch.cat(outputs) for outputs in zip(*parts)]
