"""Cuts a set's reference network into stages that run on one board each, one after the other (model parallelism).

    python stages.py SET_FOLDER --data PATH [--after 2,7,12,15]

Cuts are between blocks of MobileNetV2, because inside a block the tensor is six times as wide. The ONNX file itself is
cut, so the stages contain the measured weights. They are compared with the whole network on images and written beside
it. `stages` in its manifest describes each for workers: file, digest, MACs and parameters, input and output shape of one
image, and the output for the golden input (`((31c + 17y + 13x) mod 256) / 127.5 - 1`).
"""
from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx.utils import Extractor

import data
import runtime
from mistake import Mistake, run_cli
from model import Network, Spec

CUTS = (2, 7, 12, 15)  # of 17, counted from 1: the cut into five stages that minimizes the MACs of the largest stage (70.7 of 299.5 million)
IMAGES = 100
TOLERANCE = 1e-4  # of probabilities


def block_ends(graph: onnx.GraphProto) -> list[str]:
    """Returns the tensors between blocks: outputs of a linear convolution (no clip follows) or an addition that another block uses."""
    users: dict[str, list[str]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node.op_type)
    return [node.output[0] for node in graph.node
            if node.op_type in ("Conv", "Add") and "Conv" in users.get(node.output[0], []) and "Clip" not in users[node.output[0]]]


def cut(model: onnx.ModelProto, ends: list[str]) -> list[onnx.ModelProto]:
    """Returns one model per stage: `image` or `tensor` in, `output` or `probabilities` out."""
    extractor = Extractor(onnx.shape_inference.infer_shapes(model))
    stages = []
    for start, end in zip(["image", *ends], [*ends, "probabilities"]):
        stage = extractor.extract_model([start], [end])
        if start != "image":
            rename(stage.graph, start, "tensor")
        if end != "probabilities":
            rename(stage.graph, end, "output")
        stages.append(stage)
    return stages


def rename(graph: onnx.GraphProto, old: str, new: str) -> None:
    for node in graph.node:
        for names in (node.input, node.output):
            for i, name in enumerate(names):
                if name == old:
                    names[i] = new
    for value in (*graph.input, *graph.output):
        if value.name == old:
            value.name = new


def golden(shape: list[int]) -> np.ndarray:
    c, y, x = np.meshgrid(*map(np.arange, shape), indexing="ij")
    return (((31 * c + 17 * y + 13 * x) % 256) / 127.5 - 1).astype(np.float32)[None]


def run(session: onnxruntime.InferenceSession, values: np.ndarray) -> np.ndarray:
    return session.run(None, {session.get_inputs()[0].name: values})[0]


def counts(spec: Spec, classes: int, after: list[int]) -> list[tuple[int, int]]:
    """Returns MACs and parameters (as Keras counts them) of each stage."""
    net = Network(spec, classes).eval()
    blocks = list(net.trunk)
    bounds = [0, *(block + 1 for block in after), len(blocks)]
    parts = [torch.nn.Sequential(*blocks[a:b]) for a, b in zip(bounds, bounds[1:])]
    parts[-1] = torch.nn.Sequential(parts[-1], net.head)
    values, result = torch.zeros(1, 3, spec.size, spec.size), []
    for part in parts:
        macs = 0

        def hook(module, _inputs, output):
            nonlocal macs
            macs += output[0].numel() * module.weight[0].numel()

        handles = [m.register_forward_hook(hook) for m in part.modules() if isinstance(m, (torch.nn.Conv2d, torch.nn.Linear))]
        with torch.no_grad():
            values = part(values)
        for handle in handles:
            handle.remove()
        params = sum(p.numel() for p in part.parameters()) + sum(b.numel() for n, b in part.named_buffers() if "running" in n)
        result.append((macs, params))
    return result


def write(folder: Path, images: data.Images, after: list[int]) -> float:
    """Writes the stages of the set's reference; returns the largest difference of their output from the whole network's.

    :raises Mistake: the set has no reference, or cannot be cut there
    """
    classes = json.loads((folder / "set.json").read_text())
    if not classes["reference"]:
        raise Mistake(f"{folder}: this set has no reference network to cut")
    manifest_file = folder / f"{classes['reference']}.json"
    manifest = json.loads(manifest_file.read_text())
    whole_file = folder / manifest["model"]
    model = onnx.load(str(whole_file))
    ends = block_ends(model.graph)
    if not after or after != sorted(set(after)) or after[0] < 1 or after[-1] >= len(ends):
        raise Mistake(f"--after {after}: allowed are rising numbers from 1 to {len(ends) - 1}")
    stages = cut(model, [ends[block - 1] for block in after])

    values = data.preprocess(images.pixels, manifest["input_size"]).numpy()
    expected = run(runtime.session(whole_file.read_bytes()), values)
    spec = Spec(manifest["id"], manifest["alpha"], manifest["input_size"], manifest["head"])
    entries = []
    for i, (stage, (macs, params)) in enumerate(zip(stages, counts(spec, manifest["classes"], after)), 1):
        onnx.checker.check_model(stage)
        content = stage.SerializeToString()
        file = folder / f"{manifest['id']}.stage{i}.onnx"
        file.write_bytes(content)
        session = runtime.session(content)
        shape = list(values.shape[1:])
        sample = run(session, golden(shape)).astype(np.float64)
        values = run(session, values)
        entries.append({"model": file.name, "sha256": hashlib.sha256(content).hexdigest(), "macs": macs, "params": params,
                        "input": shape, "output": list(values.shape[1:]),
                        "golden": {"mean": float(sample.mean()), "deviation": float(sample.std())}})
        print(f"{file.name}: {macs:,} MACs, {params:,} params, {shape} -> {entries[-1]['output']}", flush=True)
    difference = float(np.abs(values - expected).max())
    if difference > TOLERANCE:
        raise SystemExit(f"{manifest['id']}: the stages differ from the whole network by {difference:.2e} (allowed: {TOLERANCE:.0e});"
                         " compare the installed versions with requirements.txt")
    manifest["stages"] = entries
    manifest["stages_max_abs_difference"] = float(f"{difference:.3g}")
    manifest_file.write_text(json.dumps(manifest, indent=1) + "\n")
    print(f"{manifest['id']}: {len(stages)} stages differ from the whole by {difference:.1e} at most, on {len(values)} images")
    return difference


def blocks(text: str) -> list[int]:
    return [int(block) for block in text.split(",")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("set", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="images for the comparison: folder or zip with a folder per class")
    parser.add_argument("--after", type=blocks, default=",".join(map(str, CUTS)), help="cut after these blocks, counted from 1 (default: %(default)s)")
    options = parser.parse_args()
    images = data.read(options.data, 32)
    step = max(1, len(images) // IMAGES)
    write(options.set, data.Images(images.pixels[::step], images.labels[::step], images.classes), options.after)


if __name__ == "__main__":
    run_cli(main)
