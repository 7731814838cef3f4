"""Initializes a narrower network from a wider one, layer by layer, by least squares on images.

A bottleneck's output is linear (Sandler et al., CVPR 2018, section 3.2), so the narrow network's channels are the principal components
of the wide network's responses in that stage (Zhang et al., "Accelerating Very Deep Convolutional Networks", TPAMI 2016). Inside a
bottleneck, forward selection keeps the channels that best predict these components. The projection is fitted on the narrow network's
own activations, so that each layer compensates errors of the layers before (He, Zhang, Sun, "Channel Pruning for Accelerating Very Deep
Neural Networks", ICCV 2017, section 3). The result is meant for further training, not for use.
"""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from mistake import Mistake
from model import BLOCKS, InvertedResidual, Trunk

ROWS = 24_000  # positions of feature maps per fit
RIDGE = 1e-3   # relative to the mean square of the inputs


@torch.no_grad()
def slim(wide: Trunk, narrow: Trunk, images: torch.Tensor, keep: int = 0, seed: int = 0) -> None:
    """Sets the layers of `narrow` except the first `keep` (0, or at least 2), which may come from any network.

    `images`: a few hundred, preprocessed [N, 3, S, S]; they also set the statistics of batch norms.

    :raises Mistake: `narrow` is wider than `wide`
    """
    if narrow.channels > wide.channels:
        raise Mistake(f"a network whose trunk ends in {narrow.channels} channels cannot be slimmed from one that ends in {wide.channels}")
    generator = torch.Generator().manual_seed(seed)
    wide.eval(), narrow.eval()
    outputs = [images]  # of the wide network; outputs[i] is the input of layer i
    for layer in wide:
        outputs.append(layer(outputs[-1]))
    bases = _components(outputs[1:], narrow, generator)
    y = images
    for layer in list(narrow)[:keep]:
        y = layer(y)
    for i in range(max(keep, 1), len(narrow)):
        basis, mean = bases[i]
        target = torch.einsum("nchw,ck->nkhw", outputs[i + 1] - mean[None, :, None, None], basis)
        if narrow[i].residual:
            target = target - y
        out = _block(_parts(wide, i), _parts(narrow, i), outputs[i] if i > 1 else None, y, target, generator)
        y = y + out if narrow[i].residual else out


def _parts(trunk: Trunk, i: int) -> list[nn.Sequential]:
    """Returns expansion, filter and projection of a layer; for the first bottleneck, the trunk's first convolution is the expansion."""
    return [*([trunk[0]] if i == 1 else []), *trunk[i].body]


def _block(wide: list[nn.Sequential], narrow: list[nn.Sequential], taken: torch.Tensor | None, y: torch.Tensor, target: torch.Tensor,
           generator: torch.Generator) -> torch.Tensor:
    """Fits one bottleneck to map `y` to `target`, and returns its actual output. `taken`: the wide one's input, None for an image."""
    (expand, bias), (filters, filter_bias) = _folded(wide[0]), _folded(wide[1])
    if taken is not None:  # predict the wide one's input linearly from y
        at = _places(y, generator)
        decode, offset = fit(_rows(y, at), _rows(taken, at))
        bias = bias + expand[:, :, 0, 0] @ offset
        expand = torch.einsum("ocij,kc->okij", expand, decode)
    h = F.hardtanh(F.conv2d(y, expand, bias, wide[0][0].stride, wide[0][0].padding), 0, 6)
    h = F.hardtanh(F.conv2d(h, filters, filter_bias, wide[1][0].stride, 1, groups=len(filters)), 0, 6)
    at = _places(h, generator)
    kept = forward_selection(_rows(h, at), _rows(target, at), len(narrow[0][0].weight))
    h = _set(narrow[1], filters[kept], filter_bias[kept], _set(narrow[0], expand[kept], bias[kept], y))
    project, bias = fit(_rows(h, at), _rows(target, at))
    return _set(narrow[2], project.T[:, :, None, None], bias, h)


def _components(outputs: list[torch.Tensor], narrow: Trunk, generator: torch.Generator) -> dict[int, tuple[torch.Tensor, torch.Tensor]]:
    """Returns for each bottleneck the principal components [C, K] of all outputs of its stage, and their mean [C]. If the narrow
    network is equally wide, these are the channels themselves."""
    bases, first = {}, 1
    for _, _, repeats, _ in BLOCKS:
        stage = range(first, first + repeats)
        seen = torch.cat([_rows(outputs[i], _places(outputs[i], generator, ROWS // repeats)) for i in stage]).double()
        mean, width = seen.mean(0), narrow[first].body[-1][0].out_channels
        if width == len(mean):  # nothing to reduce: keep the channels
            mean, basis = torch.zeros_like(mean), torch.eye(width)
        else:
            basis = torch.linalg.eigh((seen - mean).T @ (seen - mean))[1].flip(1)[:, :width]
        bases.update({i: (basis.float(), mean.float()) for i in stage})
        first += repeats
    return bases


def _places(maps: torch.Tensor, generator: torch.Generator, count: int = ROWS) -> torch.Tensor:
    every = maps.shape[0] * maps.shape[2] * maps.shape[3]
    return torch.randint(0, every, (count,), generator=generator) if every > count else torch.arange(every)


def _rows(maps: torch.Tensor, at: torch.Tensor) -> torch.Tensor:
    """Returns the channels [R, C] at these positions of maps [N, C, H, W]."""
    return maps.permute(0, 2, 3, 1).reshape(-1, maps.shape[1])[at]


def fit(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Solves the ridge regression y ~ x a + b: a [X, Y], b [Y]."""
    x, y = x.double(), y.double()
    gram, cross = _moments(x, y)
    a = torch.linalg.solve(gram, cross)
    return a.float(), (y.mean(0) - x.mean(0) @ a).float()


def _moments(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    x, y = x - x.mean(0), y - y.mean(0)
    gram = x.T @ x
    return gram + RIDGE * gram.diagonal().mean() * torch.eye(len(gram), dtype=gram.dtype), x.T @ y


def forward_selection(x: torch.Tensor, y: torch.Tensor, count: int) -> torch.Tensor:
    """Returns the columns of x that together best predict y: each step adds the one that explains most of the residual."""
    gram, cross = _moments(x.double(), y.double())
    chosen: list[int] = []
    for _ in range(count):
        gain = (cross ** 2).sum(1) / gram.diagonal().clamp_min(1e-12)
        gain[chosen] = -1
        best = int(gain.argmax())
        chosen.append(best)
        column, size = gram[:, best].clone(), max(gram[best, best].item(), 1e-12)
        cross.addr_(column, cross[best].clone(), alpha=-1 / size)
        gram.addr_(column, column, alpha=-1 / size)
    return torch.tensor(sorted(chosen))


def _folded(part: nn.Sequential) -> tuple[torch.Tensor, torch.Tensor]:
    """Returns weight and bias of a convolution with its batch norm folded in."""
    fused = fuse_conv_bn_eval(part[0], part[1])
    return fused.weight, fused.bias


def _set(part: nn.Sequential, weight: torch.Tensor, bias: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Sets a convolution and its batch norm, with the statistics of this input, to compute `weight` and `bias`; returns the output."""
    conv, norm = part[0], part[1]
    conv.weight.copy_(weight)
    before = conv(x)
    norm.running_mean.copy_(before.mean((0, 2, 3)))
    norm.running_var.copy_(before.var((0, 2, 3), unbiased=False))
    norm.weight.copy_(torch.sqrt(norm.running_var + norm.eps))
    norm.bias.copy_(bias + norm.running_mean)
    return part(x)
