"""MobileNetV2 and its variants, and their counts of MACs and parameters.

A *variant* (Asadi & Goudarzi, "Variant Parallelism", IEEE IoT-J 11(1), 2024, section III) is a lighter MobileNetV2:
width multiplier 0.35, a smaller input, no final 320->1280 convolution (so the trunk ends in 112 channels), then a 1x1
convolution of its own width + batch norm + ReLU (+ dropout in training), global MAX pooling, and a linear layer over all
classes. The *reference* is MobileNetV2 1.0 at 224x224 with its original 1280-wide head (Sandler et al., CVPR 2018).
Channels are rounded as in keras.applications. Padding is symmetric (PyTorch's); Keras pads stride-2 convolutions at the
far edge only. Sizes, MACs and parameters are the same.

Shapes: input [N, 3, S, S] float32 in -1..1, output logits [N, C].
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from mistake import Mistake

# expansion t, channels c, repeats n, first stride s (Sandler et al., table 2)
BLOCKS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


@dataclass(frozen=True)
class Spec:
    """A network's id, width multiplier, input size and head width (0: the head of MobileNetV2)."""

    id: str
    alpha: float
    size: int
    head: int

    @staticmethod
    def parse(text: str) -> "Spec":
        """Parses `V1`..`V5`, `reference`, or any other network as `[ID=]alpha@size:head`."""
        if text in FAMILY:
            return FAMILY[text]
        name, _, rest = text.rpartition("=")
        try:
            alpha, _, size_head = rest.partition("@")
            size, _, head = size_head.partition(":")
            return Spec(name or f"a{alpha}-{size}-{head}", float(alpha), int(size), int(head))
        except ValueError:
            known = ", ".join(FAMILY)
            raise Mistake(f"variant {text!r}: allowed are {known}, or [ID=]alpha@size:head such as 0.5@128:320")


FAMILY = {s.id: s for s in (
    Spec("V1", 0.35, 96, 256), Spec("V2", 0.35, 128, 320), Spec("V3", 0.35, 160, 384),
    Spec("V4", 0.35, 192, 448), Spec("V5", 0.35, 224, 512), Spec("reference", 1.0, 224, 0))}


def rounded(channels: float, divisor: int = 8) -> int:
    """Returns the multiple of 8 nearest to `channels`, at least 90% of it (keras.applications `_make_divisible`)."""
    result = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    return result + divisor if result < 0.9 * channels else result


class ReLU6(nn.Module):
    """min(max(x, 0), 6) as hardtanh, which in training on a CPU in float32 is 1.5 times as fast as clamp."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.hardtanh(x, 0.0, 6.0)


class Bound(torch.autograd.Function):
    """ReLU6 in place. The gradient is computed from the output, so no copy of the input is kept. Torch's in-place hardtanh keeps one,
    which takes a large part of a training step on a CPU."""

    @staticmethod
    def forward(context, x: torch.Tensor) -> torch.Tensor:
        context.mark_dirty(x.clamp_(0.0, 6.0))
        context.save_for_backward(x)
        return x

    @staticmethod
    def backward(context, gradient: torch.Tensor) -> torch.Tensor:
        return torch.ops.aten.hardtanh_backward(gradient, context.saved_tensors[0], 0.0, 6.0)


class Filter(nn.Conv2d):
    """A convolution that can also be applied with another weight and bias."""

    def apply_to(self, x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        return self._conv_forward(x, weight, bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.apply_to(x, self.weight, self.bias)


class StridedFilter(Filter):
    """A depth-wise convolution with a stride, in float32 even under autocast: on a CPU, oneDNN (in PyTorch 2.15) is so slow at its
    gradient in bfloat16 that autocast would gain nothing."""

    def apply_to(self, x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        with torch.autocast(x.device.type, enabled=False):
            return super().apply_to(x.float(), weight, bias)


class ConvNorm(nn.Sequential):
    """A convolution, a batch norm and optionally a ReLU6. When training with fixed statistics (a phase's `frozen`), the norm is multiplied
    into the convolution at each step: the same function of the same weights, without reading and writing the maps once more."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        conv, norm = self[0], self[1]
        if not self.training or norm.training:
            return super().forward(x)
        scale = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
        x = conv.apply_to(x, conv.weight * scale[:, None, None, None], norm.bias - norm.running_mean * scale)
        return Bound.apply(x) if len(self) > 2 else x


def conv_bn(inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1, relu: bool = True) -> ConvNorm:
    convolution = StridedFilter if groups > 1 and stride > 1 else Filter
    layers = [convolution(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs)]
    return ConvNorm(*layers, *([ReLU6()] if relu else []))


class InvertedResidual(nn.Module):
    """Expansion, depth-wise filter, projection; the input is added where shapes allow (Sandler et al., section 3.3)."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int, hidden: int = 0):
        super().__init__()
        hidden = hidden or inputs * expansion
        expand = [conv_bn(inputs, hidden, 1)] if expansion != 1 else []
        self.body = nn.Sequential(*expand, conv_bn(hidden, hidden, 3, stride, groups=hidden),
                                  conv_bn(hidden, outputs, 1, relu=False))
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.body(x) if self.residual else self.body(x)


class Trunk(nn.Sequential):
    """MobileNetV2 up to and including its last bottleneck: 32 times smaller, `self.channels` channels. Layers before `first` are
    skipped; the input is then their output (front.py). `inner`: the channels inside each bottleneck of a pruned network."""

    def __init__(self, alpha: float, inner: Sequence[int] = ()):
        channels = rounded(32 * alpha)
        layers: list[nn.Module] = [conv_bn(3, channels, 3, 2)]
        for expansion, c, repeats, stride in BLOCKS:
            for i in range(repeats):
                hidden = inner[len(layers) - 1] if inner else 0
                layers.append(InvertedResidual(channels, rounded(c * alpha), stride if i == 0 else 1, expansion, hidden))
                channels = rounded(c * alpha)
        super().__init__(*layers)
        self.channels = channels
        self.first = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in list(self)[self.first:]:
            x = layer(x)
        return x


class VariantHead(nn.Module):
    """1x1 convolution + batch norm + ReLU (+ dropout), global max pooling, linear (Variant Parallelism, section III).

    The convolution has a bias before the batch norm, as in Keras; the published counts include it.
    """

    def __init__(self, inputs: int, width: int, classes: int, dropout: float):
        super().__init__()
        self.conv = nn.Conv2d(inputs, width, 1)
        self.norm = nn.BatchNorm2d(width)
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.dropout(torch.relu(self.norm(self.conv(x))))
        return self.linear(x.amax(dim=(2, 3)))


class ReferenceHead(nn.Module):
    """The head of MobileNetV2: 1x1 convolution to 1280 (more if alpha > 1, `width` if pruned), average pooling, linear."""

    def __init__(self, inputs: int, alpha: float, classes: int, dropout: float, width: int = 0):
        super().__init__()
        width = width or (rounded(1280 * alpha) if alpha > 1.0 else 1280)
        self.conv = conv_bn(inputs, width, 1)
        self.dropout = nn.Dropout(dropout)
        self.linear = nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(self.dropout(self.conv(x).mean(dim=(2, 3))))


class Network(nn.Module):
    """A trunk and a head. Returns logits; softmax is added at export. `inner` and `end`: the channels inside each bottleneck and of
    the last convolution of a pruned network (classes.py)."""

    def __init__(self, spec: Spec, classes: int, dropout: float = 0.2, inner: Sequence[int] = (), end: int = 0):
        super().__init__()
        self.spec = spec
        self.trunk = Trunk(spec.alpha, inner)
        self.head: nn.Module = (VariantHead(self.trunk.channels, spec.head, classes, dropout) if spec.head
                                else ReferenceHead(self.trunk.channels, spec.alpha, classes, dropout, end))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.trunk(x))


def count_params(spec: Spec, classes: int) -> int:
    return params_of(Network(spec, classes))


def count_macs(spec: Spec, classes: int) -> int:
    return macs_of(Network(spec, classes))


def params_of(net: Network) -> int:
    """Counts parameters as Keras does: with all four vectors of each batch norm, trainable or not."""
    counted = sum(p.numel() for p in net.parameters())
    return counted + sum(b.numel() for name, b in net.named_buffers() if "running" in name)


def macs_of(net: Network) -> int:
    """Counts the multiply-accumulate operations of convolutions and linear layers for one image, without biases, norms and pooling.
    Leaves the network in evaluation mode."""
    total, hooks = 0, []

    def conv(module: nn.Conv2d, _inputs, output: torch.Tensor) -> None:
        nonlocal total
        total += output[0].numel() * module.weight[0].numel()

    def linear(module: nn.Linear, _inputs, _output) -> None:
        nonlocal total
        total += module.weight.numel()

    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            hooks.append(module.register_forward_hook(conv))
        elif isinstance(module, nn.Linear):
            hooks.append(module.register_forward_hook(linear))
    with torch.no_grad():
        net.eval()(torch.zeros(1, 3, net.spec.size, net.spec.size))
    for hook in hooks:
        hook.remove()
    return total


if __name__ == "__main__":
    reference = FAMILY["reference"]
    body = count_params(reference, 100) - 1281 * 100  # without its classifier: 1280 weights and a bias per class
    for each in FAMILY.values():
        macs, params = count_macs(each, 100), count_params(each, 100)
        print(f"{each.id:10} {macs:12,} MACs {params:10,} params at 100 classes; gains"
              f" {count_macs(reference, 100) / macs:5.1f}x {count_params(reference, 100) / params:4.1f}x,"
              f" against the reference without its classifier {body / params:4.1f}x")
