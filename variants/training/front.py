"""The first layers of a trunk left as they are, and run by ONNX Runtime instead of PyTorch.

On a CPU most of a training step at a large input goes into layers that hold few weights. With its first five layers (up to
28x28) left alone V5 learns close to three times as many images a second at 224x224, the reference two and a half (README.md).
"""
from __future__ import annotations

import copy
import inspect
import io

import onnxruntime
import torch
from torch import nn

from model import Trunk

CHUNK = 8  # images at a time, so that their maps stay in the processor's caches


class Front:
    """The first `depth` layers of a trunk, as they are now, in evaluation mode; not thread-safe.

    Takes images [N, 3, S, S] and gives the maps that the next layer of the trunk takes, [N, channels, S', S'].
    """

    def __init__(self, trunk: Trunk, depth: int, size: int):
        layers = nn.Sequential(*copy.deepcopy(list(trunk)[:depth])).cpu().eval()
        exporter = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
        model, options = io.BytesIO(), onnxruntime.SessionOptions()
        torch.onnx.export(layers, torch.zeros(1, 3, size, size), model, input_names=["image"], output_names=["maps"],
                          opset_version=14, dynamic_axes={"image": {0: "N"}, "maps": {0: "N"}}, **exporter)
        options.intra_op_num_threads = torch.get_num_threads()
        self.session = onnxruntime.InferenceSession(model.getvalue(), options, providers=["CPUExecutionProvider"])

    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        maps = [torch.from_numpy(self.session.run(None, {"image": part.numpy()})[0]) for part in images.cpu().contiguous().split(CHUNK)]
        return torch.cat(maps).to(images.device).contiguous(memory_format=torch.channels_last)
