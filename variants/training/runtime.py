"""Networks as ONNX Runtime has them: written by PyTorch, and opened on the CPU."""
from __future__ import annotations

import inspect
import io
from pathlib import Path

import onnxruntime
import torch

OPSET = 14  # PyTorch 1.13 writes it too


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
