"""The teacher model for distillation. It receives the same augmented images as its students.

Crops, colors and mixtures differ every time, so outputs for the plain images would not fit them (Beyer et al., "Knowledge distillation:
A good teacher is patient and consistent", CVPR 2022).
"""
from __future__ import annotations

import copy

import torch

import runtime


class Teacher:
    """A copy of a network's current weights, in evaluation mode. Takes images [N, 3, size, size] and returns logits [N, C] on the images'
    device. On a CPU it runs in ONNX Runtime. Not thread-safe."""

    def __init__(self, net: torch.nn.Module, size: int, device: str):
        self.size = size
        self.answers = runtime.fixed(net, size) if device == "cpu" else copy.deepcopy(net).to(device).eval()

    @torch.no_grad()
    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        return self.answers(images)
