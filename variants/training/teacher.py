"""A network that teaches others: it is asked about the very pictures that its pupils see, so that what it teaches of them is true.

Crops, colours and mixtures are never the same twice, and a network that was trained on the plain pictures is less sure of them (Beyer et al.,
"Knowledge distillation: A good teacher is patient and consistent", CVPR 2022).
"""
from __future__ import annotations

import copy

import torch

import runtime


class Teacher:
    """A network as it is now, in evaluation mode; not thread-safe. Takes images [N, 3, size, size], and gives logits [N, C] on the images'
    device. On a CPU it runs in ONNX Runtime."""

    def __init__(self, net: torch.nn.Module, size: int, device: str):
        self.size = size
        self.answers = runtime.fixed(net, size) if device == "cpu" else copy.deepcopy(net).to(device).eval()

    @torch.no_grad()
    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        return self.answers(images)
