"""Networks as ONNX Runtime has them: written by PyTorch, and opened on the CPU."""
from __future__ import annotations

import copy
import inspect
import io
import sys
from pathlib import Path

import onnxruntime
import torch
from tqdm import tqdm

import data

OPSET = 14  # PyTorch 1.13 writes it too
CHUNK = 4  # images at a time, so that their maps stay in the processor's caches


def write(layers: torch.nn.Module, size: int, to: Path | io.BytesIO, output: str) -> None:
    """Input `image` [N, 3, size, size], one output of this name whose first dimension is N."""
    arguments = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(layers, torch.zeros(1, 3, size, size), str(to) if isinstance(to, Path) else to, input_names=["image"],
                      output_names=[output], opset_version=OPSET, dynamic_axes={"image": {0: "N"}, output: {0: "N"}}, **arguments)


def session(model: Path | bytes, threads: int = 1) -> onnxruntime.InferenceSession:
    """A model's file or its content, ready to run."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(model) if isinstance(model, Path) else model, options, providers=["CPUExecutionProvider"])


def logits(net: torch.nn.Module, images: data.Images, size: int) -> torch.Tensor:
    """What a network says of plain images at size x size and of their mirror images, averaged: [N, C], one output for each class."""
    model, parts = io.BytesIO(), []
    write(copy.deepcopy(net).cpu().eval(), size, model, "logits")
    network = session(model.getvalue(), torch.get_num_threads())
    for pixels in tqdm(images.pixels.split(CHUNK), desc="the teacher's answers", mininterval=20, file=sys.stderr):
        both = data.preprocess(torch.cat([pixels, pixels.flip(3)]), size)
        direct, mirrored = torch.from_numpy(network.run(None, {"image": both.numpy()})[0]).chunk(2)
        parts.append((direct + mirrored) / 2)
    return torch.cat(parts)
