"""Exports a model set from the weights of train.py: ONNX files, a manifest for each network, and set.json.

    python export.py RECIPE.toml --data PATH --work FOLDER --out FOLDER [--save-weights] [--held FILE.zip] [--untrained-reference]

ONNX: opset 14 (PyTorch 1.13 supports it too), input `image` float32 [N, 3, S, S], output `probabilities` float32 [N, C],
batch norm folded into the convolutions, softmax included, one file. Each file is compared with PyTorch in float32 on
validation images. All figures in set.json come from ONNX Runtime's outputs on the validation split.
"""
from __future__ import annotations

import argparse
import copy
import datetime
import hashlib
import json
import os
import shlex
import subprocess
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

import classes
import data
import measure
import runtime
from mistake import Mistake, run_cli
from model import Network, Spec, macs_of, params_of
from recipe import read

TOLERANCE = 1e-4  # of probabilities
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def folded(net: Network) -> nn.Module:
    """Returns a copy in evaluation mode, with batch norms folded into the preceding convolutions and a final softmax."""
    net = copy.deepcopy(net).eval()
    for module in list(net.modules()):
        if isinstance(module, nn.Sequential):
            for i in range(len(module) - 1):
                if isinstance(module[i], nn.Conv2d) and isinstance(module[i + 1], nn.BatchNorm2d):
                    module[i], module[i + 1] = fuse_conv_bn_eval(module[i], module[i + 1]), nn.Identity()
    if isinstance(getattr(net.head, "norm", None), nn.BatchNorm2d):
        net.head.conv, net.head.norm = fuse_conv_bn_eval(net.head.conv, net.head.norm), nn.Identity()
    return nn.Sequential(net, nn.Softmax(1))


def write_onnx(net: Network, file: Path) -> None:
    runtime.write(folded(net), net.spec.size, file, "probabilities")
    onnx.checker.check_model(onnx.load(str(file)))


def golden_input(size: int) -> np.ndarray:
    """Returns image[0][c][y][x] = ((31 c + 17 y + 13 x) mod 256) / 127.5 - 1, a test input that needs no file."""
    c, y, x = np.ogrid[0:3, 0:size, 0:size]
    return (((31 * c + 17 * y + 13 * x) % 256) / 127.5 - 1.0).astype(np.float32)[None]


def commit_of(path: Path) -> str:
    """Returns the commit of the recipe's current content, or "uncommitted"."""
    def git(*arguments: str) -> str:
        return subprocess.run(["git", "-C", str(path.parent), *arguments, "--", path.name], capture_output=True, text=True).stdout.strip()
    return "uncommitted" if git("status", "--porcelain") else git("log", "-1", "--format=%H") or "uncommitted"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--save-weights", action="store_true", help="also write <id>.pt in float16 to --out, as initial weights for another training")
    parser.add_argument("--untrained-reference", action="store_true",
                        help="write the reference with random weights, for measurements of time only")
    parser.add_argument("--held", type=Path, help="also write the validation images to this zip, for `chorale evaluate`")
    options = parser.parse_args()
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    recipe = read(options.recipe)
    images = data.read(options.data, recipe.get("side", 32))
    _, held = data.split(images, recipe.get("validation", 5000))
    if options.held:
        data.write_held(options.data, images, recipe.get("validation", 5000), options.held)
    drawn = None
    if "drawn" in recipe:
        import draw
        drawn = draw.validation_images(held.classes, recipe["drawn"])
    export(recipe, options, held, drawn)
    data_of = shlex.quote(str(options.held or options.data))
    out = shlex.quote(str(options.out))
    print(f"exported; next, in the repository's root: ./chorale evaluate --data {data_of} --models {out} --json {out}/evaluation.json")


def load(spec: Spec, count: int, file: Path) -> Network:
    """Loads a network with the weights of a .pt file, in float32.

    :raises Mistake: the weights belong to another network
    """
    net = Network(spec, count)
    state = torch.load(file, map_location="cpu")
    try:
        net.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()})
    except RuntimeError as e:
        raise Mistake(f"{file}: not the weights of a {spec} for {count} classes; were recipe and pictures the same in training?") from e
    return net.eval()


def write_network(net: Network, out: Path, shown: str, held: data.Images,
                  at_100: int = 100) -> tuple[onnxruntime.InferenceSession, torch.Tensor]:
    """Writes <id>.onnx and its manifest; returns the ONNX session and its probabilities for the validation images. Their labels are
    output indices. `at_100`: the number of outputs for 100 classes."""
    spec, outputs = net.spec, net.head.linear.out_features
    file = out / f"{spec.id}.onnx"
    write_onnx(net, file)
    model = runtime.session(file, torch.get_num_threads())
    probabilities = runtime.run(model, held, spec.size)
    some = data.preprocess(held.pixels[::len(held) // min(100, len(held))], spec.size)
    with torch.no_grad():
        ours = torch.softmax(net(some), 1)
    difference = (ours - torch.from_numpy(model.run(None, {"image": some.numpy()})[0])).abs().max().item()
    if difference > TOLERANCE:
        raise SystemExit(f"{spec.id}: ONNX Runtime differs from PyTorch by {difference:.2e} (allowed: {TOLERANCE:.0e});"
                         " compare the installed versions with requirements.txt")
    golden = model.run(None, {"image": golden_input(spec.size)})[0][0]
    more, width = at_100 - outputs, net.head.linear.in_features
    top1 = round(measure.accuracy(probabilities, held.labels), 4)
    manifest = {"schema": 1, "id": spec.id, "model": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
                "base": "mobilenetv2", "alpha": spec.alpha, "input_size": spec.size, "head": spec.head, "precision": "fp32",
                "classes": outputs, "macs": macs_of(net), "params": params_of(net),
                "macs_100": macs_of(net) + more * width, "params_100": params_of(net) + more * (width + 1),
                "validation_accuracy": top1, "onnx_max_abs_difference": float(f"{difference:.3g}"),
                "golden": {"top1": int(golden.argmax()), "probabilities": [float(p) for p in golden]},
                "recipe": shown, "made": datetime.date.today().isoformat()}
    (out / f"{spec.id}.json").write_text(json.dumps(manifest, indent=1) + "\n")
    print(f"{spec.id}: validation {top1:.4f}, ONNX differs by {difference:.1e} at most", flush=True)
    return model, probabilities


def export(recipe: dict, options: argparse.Namespace, held: data.Images, drawn: data.Images | None) -> dict:
    out, names = options.out, held.classes
    groups = classes.Groups.read(options.work, names) if "groups" in recipe else None
    out.mkdir(parents=True, exist_ok=True)
    recipe_path = options.recipe.resolve()
    shown = recipe_path.relative_to(ROOT).as_posix() if recipe_path.is_relative_to(ROOT) else recipe_path.name
    specs = [Spec.parse(text) for text in recipe["variants"]]
    reference = Spec.parse(recipe["reference"]) if "reference" in recipe else None
    votes, drawn_votes, top1 = [], [], {}
    for spec in specs + ([reference] if reference else []):
        untrained = spec is reference and options.untrained_reference
        if groups:
            net, judged = classes.load(spec, options.work).eval(), data.Images(held.pixels, groups.labels(spec.id, held.labels), names)
            model, probabilities = write_network(net, out, shown, judged, 100 // len(specs) + 1)
        else:
            net, judged = Network(spec, len(names)).eval() if untrained else load(spec, len(names), options.work / f"{spec.id}.pt"), held
            model, probabilities = write_network(net, out, shown, judged)
        top1[spec.id] = round(measure.accuracy(probabilities, judged.labels), 4)
        if options.save_weights and not untrained:
            torch.save({k: v.half() if v.is_floating_point() else v for k, v in net.state_dict().items()}, out / f"{spec.id}.pt")
        if spec is not reference:  # the reference is not part of the fused answer
            votes.append(probabilities)
            if drawn is not None:
                drawn_votes.append(runtime.run(model, drawn, spec.size))
    join = groups.join if groups else lambda each: measure.fuse(each, measure.scales(specs))
    fused = join(votes)
    score, right = fused.max(1).values.double().numpy(), (fused.argmax(1) == held.labels).numpy()
    xs, ys = measure.fit_calibration(score, right)
    validation = {"images": len(held), "k": 2, "fusion": "side-by-side" if groups else "scaled-sum", "accuracy": round(float(right.mean()), 4), "top1": top1}
    if drawn is not None:
        drawn_fused = join(drawn_votes)
        validation["drawn"] = {"images": len(drawn), "accuracy": round(measure.accuracy(drawn_fused, drawn.labels), 4)}
    validation["ece_before"] = round(measure.calibration_error(score, right), 4)
    validation["ece_after"] = round(measure.calibration_error(measure.calibrated_apart(score, right), right), 4)
    result = {"schema": 1, "name": recipe["name"], "classes": names, "class_digest": data.class_digest(names),
              "preprocessing": {"resize": "antialiased-bilinear", "color": "RGB", "layout": "NCHW", "offset": 127.5, "divisor": 127.5},
              "reference": reference.id if reference else None, "variants": [s.id for s in specs], "calibration": {"fused": xs, "confidence": ys},
              "validation": validation, "recipe": shown, "commit": commit_of(recipe_path)}
    if groups:
        result["groups"] = groups.named(names)
    (out / "set.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(validation, indent=1))
    return result


if __name__ == "__main__":
    run_cli(main)
