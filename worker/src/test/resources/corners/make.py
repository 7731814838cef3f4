"""Makes the synthetic network of the worker's tests. It is neither a product model nor trained.

Its answer is known in advance: the corner of the RGB cube that is nearest to the image's mean color,
as a softmax over 3 * (corner . mean) with corners in {-1, 1}^3. A second file, external.onnx, stores
its weights in another file, which a worker must refuse. The folder groups contains two networks for
four of the corners each; they answer "other" if none of their corners is near.

    python make.py     needs numpy and onnx
"""
import hashlib
import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

SIZE = 16
CLASSES = ["black", "blue", "green", "cyan", "red", "magenta", "yellow", "white"]
HERE = Path(__file__).parent

corners = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)], np.float32) * 2 - 1
weight = (3 * corners).T.copy()


def model(initializer, domain="", bias=None):
    add = [helper.make_node("Add", ["product", "bias"], ["logits"])] if bias is not None else []
    nodes = [
        helper.make_node("GlobalAveragePool", ["image"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["mean"]),
        helper.make_node("MatMul", ["mean", "weight"], ["product" if add else "logits"]),
        *add,
        helper.make_node("Softmax", ["logits"], ["probabilities"]),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, SIZE, SIZE])
    output = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", initializer.dims[1]])
    constants = [initializer, numpy_helper.from_array(bias, "bias")] if add else [initializer]
    graph = helper.make_graph(nodes, "corners", [image], [output], constants)
    opsets = [helper.make_opsetid("", 13)] + ([helper.make_opsetid(domain, 1)] if domain else [])
    return helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()


def stage(nodes, input_name, shape, output_name, output_shape, initializers=()):
    image = helper.make_tensor_value_info(input_name, TensorProto.FLOAT, ["N", *shape])
    output = helper.make_tensor_value_info(output_name, TensorProto.FLOAT, ["N", *output_shape])
    graph = helper.make_graph(nodes, "stage", [image], [output], list(initializers))
    opsets = [helper.make_opsetid("", 13)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()


def described(number, content, macs, params, shape, output, values):
    name = f"C16.stage{number}.onnx"
    (HERE / name).write_bytes(content)
    return {"model": name, "sha256": hashlib.sha256(content).hexdigest(), "macs": macs, "params": params,
            "input": shape, "output": output,
            "golden": {"mean": float(values.mean()), "deviation": float(values.std())}}


def golden_input(shape):
    c, y, x = np.meshgrid(*map(np.arange, shape), indexing="ij")
    return ((31 * c + 17 * y + 13 * x) % 256) / 127.5 - 1


inside = numpy_helper.from_array(weight, "weight")
outside = TensorProto(name="weight", data_type=TensorProto.FLOAT, dims=weight.shape)
outside.data_location = TensorProto.EXTERNAL
outside.external_data.add(key="location", value="/etc/hostname")

def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum()


mean = golden_input([3, SIZE, SIZE]).mean(axis=(1, 2))
golden = softmax(mean @ weight)

# The same network in two stages, the mean color between them.
first = stage([helper.make_node("GlobalAveragePool", ["image"], ["output"])],
              "image", [3, SIZE, SIZE], "output", [3, 1, 1])
second = stage([helper.make_node("Flatten", ["tensor"], ["mean"]),
                helper.make_node("MatMul", ["mean", "weight"], ["logits"]),
                helper.make_node("Softmax", ["logits"], ["probabilities"])],
               "tensor", [3, 1, 1], "probabilities", [8], [inside])
stages = [described(1, first, 768, 0, [3, SIZE, SIZE], [3, 1, 1], mean),
          described(2, second, 24, 24, [3, 1, 1], [8], softmax(golden_input([3, 1, 1]).ravel() @ weight))]

onnx = model(inside)
(HERE / "C16.onnx").write_bytes(onnx)
(HERE / "external.onnx").write_bytes(model(outside))
(HERE / "custom.onnx").write_bytes(model(inside, "example.custom"))
(HERE / "C16.json").write_text(json.dumps({
    "schema": 1, "id": "C16", "model": "C16.onnx", "sha256": hashlib.sha256(onnx).hexdigest(),
    "base": "none", "alpha": 1.0, "input_size": SIZE, "head": 0, "precision": "fp32", "classes": 8,
    "macs": 792, "params": 24, "macs_100": 1068, "params_100": 300, "validation_accuracy": 1.0,
    "golden": {"top1": int(golden.argmax()), "probabilities": golden.tolist()}, "stages": stages,
    "recipe": "make.py", "made": "for tests"}, indent=1) + "\n")
described_set = {
    "schema": 1, "name": "corners", "classes": CLASSES,
    "class_digest": hashlib.sha256("\n".join(CLASSES).encode()).hexdigest(),
    "preprocessing": {"resize": "antialiased-bilinear", "color": "RGB", "layout": "NCHW",
                      "offset": 127.5, "divisor": 127.5},
    "reference": None, "variants": ["C16"], "recipe": "make.py"}
(HERE / "set.json").write_text(json.dumps(described_set, indent=1) + "\n")

GROUPS = {"G1": [4, 2, 0, 6], "G2": [1, 3, 5, 7]}
(HERE / "groups").mkdir(exist_ok=True)
for id, group in GROUPS.items():
    own, bias = np.concatenate([np.zeros((3, 1), np.float32), weight[:, group]], 1), np.array([6, 0, 0, 0, 0], np.float32)
    onnx, golden = model(numpy_helper.from_array(own, "weight"), bias=bias), softmax(mean @ own + bias)
    (HERE / "groups" / f"{id}.onnx").write_bytes(onnx)
    (HERE / "groups" / f"{id}.json").write_text(json.dumps({
        "schema": 1, "id": id, "model": f"{id}.onnx", "sha256": hashlib.sha256(onnx).hexdigest(),
        "base": "none", "alpha": 1.0, "input_size": SIZE, "head": 0, "precision": "fp32", "classes": 5,
        "macs": 783, "params": 20, "macs_100": 921, "params_100": 204, "validation_accuracy": 1.0,
        "golden": {"top1": int(golden.argmax()), "probabilities": golden.tolist()},
        "recipe": "make.py", "made": "for tests"}, indent=1) + "\n")
(HERE / "groups" / "set.json").write_text(json.dumps({
    **described_set, "name": "corners-class", "variants": list(GROUPS),
    "groups": {id: [CLASSES[c] for c in group] for id, group in GROUPS.items()}}, indent=1) + "\n")
