"""The first layers of a trunk left as they are, and run by ONNX Runtime instead of PyTorch.

On a CPU most of a training step at a large input goes into layers that hold few weights. With its first five layers (up to
28x28) left alone V5 learns close to three times as many images a second at 224x224, the reference two and a half (README.md).
"""
from __future__ import annotations

import torch
from torch import nn

import runtime
from model import Trunk


class Front:
    """The first `depth` layers of a trunk, as they are now, in evaluation mode; not thread-safe.

    Takes images [N, 3, S, S] and gives the maps that the next layer of the trunk takes, [N, channels, S', S'].
    """

    def __init__(self, trunk: Trunk, depth: int, size: int):
        self.maps = runtime.fixed(nn.Sequential(*list(trunk)[:depth]), size)

    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        return self.maps(images).contiguous(memory_format=torch.channels_last)
