"""Quantizes a model set's variants to INT8 and measures the gain.

    python int8.py --models FOLDER --data PATH --out FOLDER [--calibration 512] [--validation 5000]

Static quantization with ONNX Runtime's tool: weights and activations of convolutions and linear layers in 8 bits, one scale
per output channel of a weight, QDQ format, activation ranges from training images. Input, output and softmax stay float32, so
workers can use the quantized file unchanged.

Prints one row per variant: accuracy of both forms on the validation split, and their median time for one image on one thread,
measured in turns. An INT8 form is worth keeping if it is at least 1.2 times as fast and loses at most 0.5 points. Files go to
FOLDER as <id>-int8.onnx. Test images are never read.
"""
from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

import data
import measure
import runtime
from mistake import run_cli

FASTER, LOSS = 1.2, 0.005  # least speedup and largest loss of accuracy of an INT8 form worth keeping
METHODS = {"minmax": CalibrationMethod.MinMax, "percentile": CalibrationMethod.Percentile, "entropy": CalibrationMethod.Entropy}


class Batches(CalibrationDataReader):
    """Preprocessed training images, one at a time."""

    def __init__(self, images: data.Images, size: int):
        self._inputs = ({"image": data.preprocess(images.pixels[i:i + 1], size).numpy()} for i in range(len(images)))

    def get_next(self):
        return next(self._inputs, None)


def quantize(model: Path, out: Path, images: data.Images, size: int, method: str) -> None:
    prepared = out.with_suffix(".prepared.onnx")
    quant_pre_process(str(model), str(prepared), skip_symbolic_shape=True)
    quantize_static(str(prepared), str(out), Batches(images, size), quant_format=QuantFormat.QDQ, per_channel=True,
                    activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, calibrate_method=METHODS[method],
                    op_types_to_quantize=["Conv", "Gemm", "MatMul", "Add", "Clip", "Relu"],
                    extra_options={"ActivationSymmetric": False})
    prepared.unlink()


def paired_millis(sessions: list[onnxruntime.InferenceSession], size: int, rounds: int = 60) -> list[float]:
    """Returns the median time of each for one image. They take turns, so that other load on the machine affects all alike."""
    image = {"image": np.zeros((1, 3, size, size), np.float32)}
    times: list[list[float]] = [[] for _ in sessions]
    for _ in range(rounds):
        for session, taken in zip(sessions, times):
            for _ in range(5):
                began = time.perf_counter()
                session.run(None, image)
                taken.append((time.perf_counter() - began) * 1000)
    return [statistics.median(t) for t in times]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", type=Path, required=True, help="folder of a model set (export.py)")
    parser.add_argument("--data", type=Path, required=True, help="the images that the set was trained on")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--side", type=int, default=32, help="the recipe's `side`")
    parser.add_argument("--split", type=float, default=5000, help="the recipe's `validation`")
    parser.add_argument("--calibration", type=int, default=512, help="training images for the activation ranges (default: %(default)s)")
    parser.add_argument("--validation", type=int, default=5000, help="validation images for the accuracy (default: %(default)s)")
    parser.add_argument("--method", choices=METHODS, default="minmax")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    images, held = data.split(data.read(options.data, options.side), options.split)
    chosen = images.take(np.random.default_rng(1).choice(len(images), min(options.calibration, len(images)), replace=False))
    held = held.take(np.linspace(0, len(held) - 1, min(options.validation, len(held))).astype(int))
    print(f"{len(chosen)} calibration and {len(held)} validation images, {options.method}")
    print("| | FP32 ms | INT8 ms | times as fast | FP32 accuracy | INT8 accuracy | FP32 bytes | INT8 bytes | |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in json.loads((options.models / "set.json").read_text())["variants"]:
        manifest = json.loads((options.models / f"{name}.json").read_text())
        size, file = manifest["input_size"], options.out / f"{name}-int8.onnx"
        quantize(options.models / manifest["model"], file, chosen, size, options.method)
        both = [runtime.session(options.models / manifest["model"]), runtime.session(file)]
        before, after = paired_millis(both, size)
        was, now = (measure.accuracy(runtime.run(session, held, size), held.labels) for session in both)
        keep = before / after >= FASTER and was - now <= LOSS
        print(f"| {name} | {before:.2f} | {after:.2f} | {before / after:.2f} | {was:.1%} | {now:.1%} |"
              f" {(options.models / manifest['model']).stat().st_size:,} | {file.stat().st_size:,} | {'keep' if keep else 'drop'} |", flush=True)


if __name__ == "__main__":
    run_cli(main)
