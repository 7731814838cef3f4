"""Writes networks as ONNX with PyTorch, and runs them in ONNX Runtime on the CPU."""
from __future__ import annotations

import copy
import inspect
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import torch

import data

OPSET = 14  # PyTorch 1.13 supports it too
CHUNK = 8  # images per run, so that feature maps stay in the processor's caches


def write(layers: torch.nn.Module, size: int, to: Path | io.BytesIO, output: str) -> None:
    """Writes layers with the input `image` [N, 3, size, size] and one output of this name, whose first dimension is N."""
    arguments = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(layers, torch.zeros(1, 3, size, size), str(to) if isinstance(to, Path) else to, input_names=["image"],
                      output_names=[output], opset_version=OPSET, dynamic_axes={"image": {0: "N"}, output: {0: "N"}}, **arguments)


def session(model: Path | bytes, threads: int = 1) -> onnxruntime.InferenceSession:
    """Opens a model file, or its content."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(model) if isinstance(model, Path) else model, options, providers=["CPUExecutionProvider"])


def run(model: onnxruntime.InferenceSession, images: data.Images, size: int) -> torch.Tensor:
    """Returns a network's outputs for plain images at size x size: [N, C]."""
    parts = images.pixels.split(50)
    return torch.from_numpy(np.concatenate([model.run(None, {"image": data.preprocess(p, size).numpy()})[0] for p in parts]))


def fixed(layers: torch.nn.Module, size: int) -> Callable[[torch.Tensor], torch.Tensor]:
    """Returns the layers with their current weights, in evaluation mode, as a function on the CPU. It takes preprocessed images
    [N, 3, size, size] on any device and returns the output on the same device."""
    file = io.BytesIO()
    write(copy.deepcopy(layers).cpu().eval(), size, file, "output")
    model = session(file.getvalue(), torch.get_num_threads())

    def output(images: torch.Tensor) -> torch.Tensor:
        parts = images.cpu().contiguous().split(CHUNK)
        return torch.cat([torch.from_numpy(model.run(None, {"image": part.numpy()})[0]) for part in parts]).to(images.device)

    return output
